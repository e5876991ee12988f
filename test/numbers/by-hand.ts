import {
  CHART_RELEASES,
  CHARTS_URL,
  commandFlags,
  runHelm,
  installProviders,
  podNetwork,
  realClaim,
  type RealCluster,
  releasedProviders,
  type RenderedProviders,
  startClusterctlMove,
  WEB,
  workloadCluster,
} from '@managed-cluster/testbed';
import { CONTROL_PLANE } from '../../capi/kinds.ts';
import { controlPlaneName } from '../../capi/object-names.ts';
import type { ClusterInput } from '../../capi/cloud.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { BY_HAND, SIZES, stopwatch, type Bench } from './bench.ts';
import { grow } from './grow.ts';
import type { Handover, Life, Told } from './numbers.ts';
import { watchPauses } from './pauses.ts';
import { operational } from './rest.ts';
import { firstObjects, inputOf, laterObjects } from './subject.ts';

/** Handed is a cluster that was made by hand, and has itself. */
export interface Handed {
  readonly input: ClusterInput;
  readonly cluster: RealCluster;
}

/** HandLife is its life so far, without the way back. */
export interface HandLife extends Handed {
  readonly life: Omit<Life, 'removal'>;
  readonly move: Handover;
}

const NAMESPACE: KubeObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: BY_HAND.namespace },
};

interface Hands {
  readonly bench: Bench;
  readonly input: ClusterInput;
  readonly providers: RenderedProviders;
  readonly workload: Promise<RealCluster>;
  /** Notes that a step is done. */
  readonly done: (what: string) => void;
}

/** leadByHand makes the same cluster with manifests, `clusterctl move` and Helm, as fast as commands can follow each other. */
export async function leadByHand(bench: Bench): Promise<HandLife> {
  const { world } = bench;
  const input = inputOf(realClaim({ ...BY_HAND, ...SIZES, socket: world.engine.socket }));
  const providers = await releasedProviders(world.context);
  const timeline: Told[] = [];
  const seconds = stopwatch();
  await applyAll(world.management.api, [NAMESPACE, ...firstObjects(input)]);
  const workload = workloadCluster(world.context, world.management.api, BY_HAND);
  function done(what: string): void {
    timeline.push({ seconds: seconds(), what });
  }
  const [grown, move, cluster] = await Promise.all([
    grow(bench, { input, workload: workload.then(({ api }) => api), seconds }),
    act({ bench, input, providers, workload, done }),
    workload,
  ]);
  return { input, cluster, move, life: { ...grown, timeline } };
}

async function act({ bench, input, providers, workload, done }: Hands): Promise<Handover> {
  const { context, management } = bench.world;
  const cluster = await workload;
  const { api } = cluster;
  done('the API server answers');
  await applyAll(api, podNetwork());
  done('kubectl apply of the CNI');
  await operational(management.api, api, input);
  done('the Node is Ready, the management side reaches the Cluster');
  await installProviders(api, providers, { hopeless: () => context.failure() });
  done('the providers of Cluster API are available, their webhooks answer');
  const move = await moved(bench, { input, cluster }, 'workload');
  done('clusterctl move has ended');
  const { namespace } = input;
  const plane = { ...CONTROL_PLANE, namespace, name: controlPlaneName(input) };
  await api.patch(plane, { spec: { replicas: input.spec.controlPlane.replicas } });
  await applyAll(api, laterObjects(input));
  done('the control plane is scaled, pools and health checks are applied');
  await installCharts(bench, cluster);
  done('helm install of both charts');
  return move;
}

/** moved runs `clusterctl move`, while the Cluster is watched on both sides. */
export async function moved(
  { world, tell }: Bench,
  { input, cluster }: Handed,
  to: 'management' | 'workload',
): Promise<Handover> {
  const { context, management } = world;
  const abort = new AbortController();
  const sides = { management: management.api, workload: cluster.api };
  const watched = watchPauses(sides, input, abort.signal);
  const files = [management.kubeconfig, cluster.kubeconfig] as const;
  const [from, target] = to === 'workload' ? files : files.toReversed();
  const request = { namespace: input.namespace, from: from ?? '', to: target ?? '' };
  const { code, lastLine, seconds } = await startClusterctlMove(context, request).ended;
  if (code !== 0) throw new Error(`clusterctl move to ${to} failed: ${lastLine}`);
  const seenMs = await watched.pauseTo(to);
  abort.abort();
  tell(`clusterctl move to ${to}: ${seconds.toFixed(1)} s`);
  return { to, seconds, ...(seenMs !== undefined && { seenMs }) };
}

async function installCharts({ world }: Bench, { kubeconfig }: RealCluster): Promise<void> {
  const common = { kubeconfig, namespace: WEB.namespace, repo: CHARTS_URL };
  for (const { chart, version, values } of CHART_RELEASES) {
    const set = Object.entries(values).map(([name, value]) => `${name}=${value}`);
    const options = commandFlags({ ...common, version, set, 'create-namespace': true });
    // oxlint-disable-next-line no-await-in-loop -- one command after the other
    await runHelm(world.context, ['install', chart, chart, ...options]);
  }
}

async function applyAll(api: KubeApi, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    // oxlint-disable-next-line no-await-in-loop -- what is referred to comes first
    await api.apply(object, { fieldManager: 'kubectl', force: true });
  }
}
