import { once, setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AGENT_INSTALLATION,
  CLUSTER_PLAN,
  MANAGED_CLUSTER_CLAIM,
  PIVOT,
} from '../../lib/apis/kinds.ts';
import type { KubeApi, TypeRef, WatchEvent } from '../../lib/kube/api.ts';
import { appeared, changes, steps, vanished, type Line, type Where } from './timeline.ts';

const INFRASTRUCTURE = 'infrastructure.cluster.x-k8s.io/v1beta2';
const CORE = 'cluster.x-k8s.io/v1beta2';

/** What is shown when it appears and vanishes, in a namespace that has one cluster only. */
const OBJECTS: readonly TypeRef[] = [
  { apiVersion: CORE, kind: 'Cluster' },
  { apiVersion: INFRASTRUCTURE, kind: 'DevCluster' },
  { apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2', kind: 'KubeadmControlPlane' },
  { apiVersion: CORE, kind: 'MachineDeployment' },
  { apiVersion: CORE, kind: 'Machine' },
  CLUSTER_PLAN,
];

/** Poll interval for kinds that are not served yet. */
const SERVED_MS = 300;

/** Told of each step that they have done. */
const STEPS: readonly TypeRef[] = [AGENT_INSTALLATION, PIVOT];

/** Followed is the cluster to follow, and the callback for its changes. */
export interface Followed {
  readonly management: KubeApi;
  /** Resolves when the cluster has an API server. */
  readonly workload: KubeApi | Promise<KubeApi>;
  readonly namespace: string;
  readonly tell: (line: Line) => void;
  /** Ends the watches. */
  readonly signal: AbortSignal;
}

/** follow watches the claim of a namespace and all its objects, and reports each change. */
export async function follow({
  management,
  workload,
  namespace,
  tell,
  signal,
}: Followed): Promise<void> {
  setMaxListeners(0, signal);
  const news = onlyOnce(tell);
  const objects = OBJECTS.flatMap((type) => [
    watch(management, type, existence('management', tell)),
    watchInside(type, existence('inside', tell)),
  ]);
  const head = watch(management, MANAGED_CLUSTER_CLAIM, difference(changes, news));
  const parts = STEPS.map((type) => [
    watch(management, type, difference(steps, news)),
    watch(management, type, existence('management', tell)),
  ]);
  await Promise.all([head, ...objects, ...parts.flat()]);

  async function watchInside(type: TypeRef, take: (event: WatchEvent) => void): Promise<void> {
    const ended = once(signal, 'abort').then(() => undefined);
    const api = await Promise.race([workload, ended]);
    if (api !== undefined) await watch(api, type, take);
  }

  async function watch(
    api: KubeApi,
    type: TypeRef,
    take: (event: WatchEvent) => void,
  ): Promise<void> {
    await served(api, type, signal);
    await api.watch({ ...type, namespace }, take, { signal });
  }
}

/** A watch would find a new kind too, but seconds late. */
async function served(api: KubeApi, { apiVersion }: TypeRef, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one question after the other
      await api.raw('GET', `/apis/${apiVersion}`);
      return;
    } catch {
      // oxlint-disable-next-line no-await-in-loop -- the pause between two
      await sleep(SERVED_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Crossplane writes the status of a composite in two steps, in between an old condition may show. */
function onlyOnce(tell: (line: Line) => void): (line: Line) => void {
  const told = new Set<string>();
  return (line) => {
    if (!told.has(line.text)) tell(line);
    told.add(line.text);
  };
}

function existence(where: Where, tell: (line: Line) => void): (event: WatchEvent) => void {
  return ({ type, object }) => {
    if (type === 'ADDED') tell(appeared(where, object));
    if (type === 'DELETED') tell(vanished(where, object));
  };
}

function difference(
  between: typeof changes,
  tell: (line: Line) => void,
): (event: WatchEvent) => void {
  const states = new Map<string, WatchEvent['object']>();
  return ({ type, object }) => {
    if (type === 'SYNCED' || type === 'DELETED') return;
    const name = object.metadata.name ?? '';
    for (const line of between(states.get(name), object)) tell(line);
    states.set(name, object);
  };
}
