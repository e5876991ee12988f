import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { REAL_BINARIES } from '@managed-cluster/toolchain';
import {
  binary,
  type Command,
  type CommandContext,
  deleteClaim,
  ensureRootFileSystems,
  follow,
  timelineLine,
  growAlone,
  kubectlFromOutside,
  loseWorker,
  onThisMachine,
  pageOn,
  realClaim,
  type RealCluster,
  realProfile,
  type RealWorld,
  remains,
  reported,
  startRealStage,
  surveyMachine,
  unmanagedMilliseconds,
  untilOperational,
  WEB,
  workloadCluster,
} from '@managed-cluster/testbed';
import { buildRelease, builtRelease } from '../../hack/release.ts';
import { MANAGED_CLUSTER_CLAIM } from '../../lib/apis/kinds.ts';
import { progressLine } from './e2e.ts';

const NAME = { namespace: 'default', name: 'demo' } as const;
const DELETE = '--delete';

/** How long a real cluster may take to become Operational, and to go. */
const PATIENCE_MS = 15 * 60_000;

/** The whole order of operations for one claim, with real kubeadm nodes. */
export const demoReal: Command = {
  summary: 'the demo with real nodes',
  binaries: REAL_BINARIES,
  survey: surveyMachine,
  async prepare(binaries) {
    await ensureRootFileSystems({ progress: console.log });
    await buildRelease(binaries, console.log);
  },
  surround: onThisMachine,
  run: runDemo,
};

/** Play is a demo that runs. */
interface Play {
  readonly world: RealWorld;
  readonly claim: typeof MANAGED_CLUSTER_CLAIM & typeof NAME;
  /** Seconds since the claim was applied. */
  readonly seconds: () => number;
}

async function runDemo({ args, keep, environment, signal }: CommandContext): Promise<number> {
  console.log('A world of real nodes: kubeadm, kubelet and containerd in containers.\n');
  const world = await startRealStage({
    ...environment,
    release: builtRelease(),
    onEvent: progressLine,
  });
  const begin = performance.now();
  const play: Play = {
    world,
    claim: { ...MANAGED_CLUSTER_CLAIM, ...NAME },
    seconds: () => (performance.now() - begin) / 1000,
  };
  const abort = new AbortController();
  const { api } = world.management;
  const workload = apply(play).then(() => workloadCluster(world.context, api, NAME));
  const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const ended = follow({
    management: api,
    workload: workload.then((cluster) => cluster.api),
    namespace: NAME.namespace,
    tell: (line) => console.log(timelineLine(play.seconds(), line, colours)),
    signal: abort.signal,
  });
  const cluster = await workload;
  await toOperational(play, cluster);
  await alone(play, cluster);
  const clean = !args.includes(DELETE) || (await wayBack(play));
  if (keep) await stay(play, cluster, { environment, signal });
  abort.abort();
  await ended;
  await world.stop();
  return clean ? 0 : 1;
}

async function apply({ world }: Play): Promise<void> {
  console.log(
    '\nkubectl apply of a profile with a CNI and two charts, and of a claim: 3 + 2 nodes\n',
  );
  const { api } = world.management;
  const { socket } = world.engine;
  const claim = realClaim({ ...NAME, controlPlanes: 3, workers: 2, socket });
  for (const object of [realProfile(), claim]) {
    // oxlint-disable-next-line no-await-in-loop -- the claim names the profile
    await api.apply(object, { fieldManager: 'kubectl' });
  }
}

async function toOperational(play: Play, cluster: RealCluster): Promise<void> {
  const { world, claim } = play;
  const management = world.management.api;
  await untilOperational({ management, claim }, PATIENCE_MS);
  const total = play.seconds().toFixed(1);
  await table(play, world.management, 'managedclusters.managedcluster.io,pivots');
  await table(play, cluster, 'nodes,machines,pods', '--all-namespaces');
  console.log(`$ curl http://${WEB.name}.${WEB.namespace}\n${await page(play, cluster)}\n`);
  const gap = await unmanagedMilliseconds({ management, claim });
  console.log(`Operational and Ready after ${total} s; nobody managed it for ${String(gap)} ms`);
}

/** What the cluster does while the management side can't be reached. */
async function alone(play: Play, cluster: RealCluster): Promise<void> {
  const { world, claim, seconds } = play;
  const theatre = { management: world.management.api, workload: cluster.api, claim };
  console.log(
    '\nThe management side is cut off. Three workers instead of two, by a change inside:\n',
  );
  await world.link.cut();
  const cut = seconds();
  await growAlone(theatre, { workers: 3, machines: 6 });
  console.log(`\nthree workers after ${(seconds() - cut).toFixed(1)} s`);
  const killed = seconds();
  const { lost, found } = await loseWorker(theatre, world.engine.docker, 6);
  const took = (seconds() - killed).toFixed(1);
  console.log(`\nthe worker ${lost} was killed; ${found} had taken its place after ${took} s`);
  await world.link.join();
  const joined = seconds();
  await reported(theatre, '3/3');
  const late = (seconds() - joined).toFixed(1);
  console.log(`the link is back: the claim tells 3/3 workers after ${late} s`);
}

/** The page as a node of the cluster sees it. */
async function page({ world }: Play, { api }: RealCluster): Promise<string> {
  const { items } = await api.list({ apiVersion: 'v1', kind: 'Node' });
  const [node] = items.map(({ metadata }) => metadata.name ?? '');
  return pageOn(world.engine.docker, api, node ?? '');
}

/** Whether nothing was left behind. */
async function wayBack({ world, claim, seconds }: Play): Promise<boolean> {
  console.log('\nkubectl delete managedcluster demo\n');
  const begin = seconds();
  const management = world.management.api;
  await deleteClaim({ management, claim }, PATIENCE_MS);
  const took = (seconds() - begin).toFixed(1);
  const left = await remains(world.engine.docker, management, NAME.name);
  console.log(`gone after ${took} s; ${left.length} left`);
  for (const one of left) console.log(`  ${one}`);
  return left.length === 0;
}

/** What a user sees: the real kubectl with our columns. */
async function table(
  { world }: Play,
  { kubeconfig }: RealCluster,
  kinds: string,
  ...more: readonly string[]
): Promise<void> {
  const kubectl = binary(world.context, 'kubectl');
  const args = [`--kubeconfig=${kubeconfig}`, 'get', kinds, ...more];
  const { stdout } = await promisify(execFile)(kubectl, args);
  console.log(`$ kubectl get ${kinds}\n${stdout}`);
}

async function stay(
  { world }: Play,
  cluster: RealCluster,
  { environment, signal }: Pick<CommandContext, 'environment' | 'signal'>,
): Promise<void> {
  const kubectl = kubectlFromOutside(environment);
  console.log('\nstill running; in another terminal, as the same user:');
  for (const { kubeconfig } of [world.management, cluster]) {
    console.log(`  ${kubectl} --kubeconfig ${kubeconfig} get nodes`);
  }
  console.log('Ctrl-C ends it');
  if (!signal.aborted) await once(signal, 'abort');
}
