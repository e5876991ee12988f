import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { AGENT_INSTALLATION } from '../../../lib/apis/kinds.ts';
import { isTrue, recordIn } from '../../../lib/core/conditions.ts';
import { WORLD_BINARIES } from '../binaries/index.ts';
import type { Command, CommandContext } from '../command.ts';
import { follow, type Followed } from '../demo/follow.ts';
import { standInForAgent } from '../demo/stand-in.ts';
import { format } from '../demo/timeline.ts';
import { applyObjects } from '../product/product.ts';
import { startStage } from '../stage.ts';
import { waitFor } from '../wait.ts';
import { binary } from '../world-context.ts';
import type { World } from '../world.ts';
import { progressLine } from './e2e.ts';

const CLUSTERS = ['demo', 'demo-namespaced'] as const;
const NAMESPACE = 'default';
const STAY = '--stay';

/** From two applied objects to the open gates, live. */
export const demo: Command = {
  summary: `apply examples/dev and watch both gates open (${STAY}: keep it running to play with)`,
  binaries: WORLD_BINARIES,
  run: runDemo,
};

async function runDemo({ args, environment, signal }: CommandContext): Promise<number> {
  console.log('A world of pretend machines: real etcd, kube-apiserver, Crossplane, Cluster API.\n');
  const world = await startStage(environment, { onEvent: progressLine, signal });
  const { api, kubeconfig } = world.sites.management;
  const begin = performance.now();
  const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const abort = new AbortController();
  console.log('\nkubectl apply -f examples/dev\n');
  const { clusters, ended } = follow(
    api,
    (line) => console.log(format((performance.now() - begin) / 1000, line, colours)),
    abort.signal,
  );
  await applyObjects(api, 'examples/dev');
  await reach(clusters, 'InstallingAgent', 'ControlPlaneInitialized');
  await Promise.all(CLUSTERS.map((name) => installed(world, name)));
  console.log('\n(no provider yet: a stand-in now reports that the agent is installed)\n');
  await Promise.all(CLUSTERS.map((name) => standInForAgent(api, { namespace: NAMESPACE, name })));
  await reach(clusters, 'Pivoting', 'AgentInstalled');
  abort.abort();
  await ended;
  console.log(`\n${await table(world)}`);
  console.log(`both gates open after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  if (args.includes(STAY)) await stay(kubeconfig, signal);
  await world.stop();
  return 0;
}

/** Crossplane writes phase and conditions one after the other: both are waited for. */
async function reach(clusters: Followed, phase: string, condition: string): Promise<void> {
  await waitFor({
    what: `${CLUSTERS.join(' and ')} to be ${phase}`,
    timeoutMs: 180_000,
    look: () =>
      CLUSTERS.every((name) => {
        const cluster = clusters.get(name);
        return recordIn(cluster, 'status')?.['phase'] === phase && isTrue(cluster, condition);
      }) || undefined,
  });
}

async function installed(world: World, name: string): Promise<void> {
  const { api } = world.sites.management;
  await waitFor({
    what: `AgentInstallation ${name}`,
    timeoutMs: 60_000,
    look: () => api.get({ ...AGENT_INSTALLATION, namespace: NAMESPACE, name }),
  });
}

/** What a user sees: the real kubectl with our columns. */
async function table(world: World): Promise<string> {
  const args = ['--kubeconfig', world.sites.management.kubeconfig, 'get', '-n', NAMESPACE];
  const kinds = [
    'managedclusters.managedcluster.io,managedclusters.m.managedcluster.io',
    'clusters,kubeadmcontrolplanes,machines',
    'clusterplans,agentinstallations,pivots',
  ];
  const run = promisify(execFile);
  const kubectl = binary(world.context, 'kubectl');
  const outputs = await Promise.all(kinds.map((kind) => run(kubectl, [...args, kind])));
  return outputs.map(({ stdout }, index) => `$ kubectl get ${kinds[index]}\n${stdout}`).join('\n');
}

async function stay(kubeconfig: string, signal: AbortSignal): Promise<void> {
  console.log(`\nstill running; in another terminal, as the same user:`);
  console.log(
    `  nsenter --target ${process.pid} --net --mount kubectl --kubeconfig ${kubeconfig} get mc`,
  );
  console.log('Ctrl-C ends it');
  if (!signal.aborted) await once(signal, 'abort');
}
