import { Registry } from 'prom-client';
import { AGENT_NAME } from '../lib/apis/agent.ts';
import { productVersion } from '../lib/program/product-files.ts';
import { runProgram, type Program, type RunContext } from '../lib/program/program.ts';
import { createLeaderElection } from '../lib/reconcile/leader-election.ts';
import { createControllerMetrics } from '../lib/reconcile/metrics.ts';
import { whileLeading } from '../lib/reconcile/while-leading.ts';
import { localAccess } from './access.ts';
import { runAgent } from './agent.ts';
import { FLAGS, optionsFrom, type Options } from './options.ts';
import { startServers } from './servers.ts';

const program: Program<Options> = {
  name: AGENT_NAME,
  about: 'Reconciles the plan of the cluster that it runs in.',
  flags: FLAGS,
  optionsFrom,
  run,
};

async function run(options: Options, { log, signal }: RunContext): Promise<void> {
  const { namespace, serviceAccountFolder } = options;
  const identity = `${options.identity}_${process.pid}`;
  const version = productVersion();
  const userAgent = `${AGENT_NAME}/${version}`;
  const registry = new Registry();
  const metrics = createControllerMetrics(registry);
  let obstacle: string | undefined = 'waiting for leadership or for the bootstrap Secret';
  const servers = await startServers(options, { registry, ready: () => obstacle, log });
  const local = localAccess(namespace, serviceAccountFolder, userAgent);
  const election = createLeaderElection(local.api, { namespace, name: AGENT_NAME, identity, log });
  const leading = whileLeading(local.api, () => election.leads());
  function working(): void {
    obstacle = undefined;
  }
  const world = { local, leading, options, version, userAgent, metrics, log };
  await election.lead((until) => runAgent({ ...world, signal: until }, working), signal);
  await Promise.all(servers.map((server) => server.close()));
}

const { argv, env, stdout, stderr } = process;
const processWorld = { argv: argv.slice(2), env, signals: process, stdout, stderr };
process.exit(await runProgram(program, processWorld));
