import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { PROVIDER_LEASE } from '../lib/apis/asked.ts';
import type { Logger } from '../lib/log.ts';
import type { Program, RunContext } from '../lib/program/program.ts';
import { createEventRecorder } from '../lib/reconcile/events.ts';
import { createLeaderElection, type LeaderElection } from '../lib/reconcile/leader-election.ts';
import { createControllerMetrics } from '../lib/reconcile/metrics.ts';
import { whileLeading } from '../lib/reconcile/while-leading.ts';
import type { ProviderDeps } from './deps.ts';
import { connectManagement, type Management, USER_AGENT } from './management.ts';
import { FLAGS, optionsFrom, type ProgramOptions, type ProviderOptions } from './options.ts';
import { productVersion } from '../lib/program/product-files.ts';
import { runControllers } from './run-controllers.ts';
import { startServers } from './servers.ts';
import { controllersOf } from './wiring.ts';
import { workloadClients } from './workload-clients.ts';

const AGENT_IMAGE = 'ghcr.io/managed-cluster/agent';

/** Time for the last Events to be written on shutdown, in milliseconds. */
const LAST_EVENTS_MS = 2000;

/** providerProgram is the provider: it runs its controllers while it is the leader, until a signal. */
export const providerProgram: Program<ProgramOptions> = {
  name: USER_AGENT,
  about: 'Installs agents, hands clusters over to themselves, and takes them back.',
  flags: FLAGS,
  optionsFrom,
  run,
};

async function run(options: ProgramOptions, { log, signal }: RunContext): Promise<void> {
  const management = await connectManagement(options);
  const election = electionOf(options, management, log);
  function leads(): boolean {
    return election.leads();
  }
  const registry = registryOf(leads);
  const api = whileLeading(management.api, leads);
  const events = createEventRecorder(api, { component: USER_AGENT, log });
  const deps: ProviderDeps = {
    management: api,
    workload: workloadClients(api, (client) => whileLeading(client, leads)),
    log,
    events,
    metrics: registry,
    clock: { now: () => new Date() },
    options: installationOf(options, management),
  };
  const metrics = createControllerMetrics(registry);
  const controllers = controllersOf(deps);
  const servers = await startServers(options, { api: management.api, registry, log });

  async function work(until: AbortSignal): Promise<void> {
    const { workers } = options;
    await runControllers(controllers, { management: api, log, metrics, workers }, until);
    await Promise.race([events.settled(), delay(LAST_EVENTS_MS, undefined, { ref: false })]);
  }

  try {
    await election.lead(work, signal);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

/** A single process is always the leader. */
function electionOf(
  { leaseNamespace: namespace }: ProgramOptions,
  { api }: Management,
  log: Logger,
): LeaderElection {
  if (namespace === undefined) return { leads: () => true, lead: (work, signal) => work(signal) };
  const identity = `${hostname()}_${randomUUID()}`;
  return createLeaderElection(api, { namespace, name: PROVIDER_LEASE, identity, log });
}

function installationOf(options: ProgramOptions, management: Management): ProviderOptions {
  const version = productVersion();
  return {
    managementEndpoint: management.endpoint,
    managementAuthority: management.authority,
    namespace: options.namespace,
    agentImage: options.agentImage ?? `${AGENT_IMAGE}:${version}`,
    version,
    allowed: options.allowed,
  };
}

function registryOf(leads: () => boolean): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge: Gauge = new Gauge({
    name: 'leader_election_master_status',
    help: 'Whether this replica is the leader',
    labelNames: ['name'],
    registers: [registry],
    collect: () => gauge.set({ name: PROVIDER_LEASE }, leads() ? 1 : 0),
  });
  return registry;
}
