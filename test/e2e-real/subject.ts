import {
  realClaim,
  type RealClaim,
  realProfile,
  type Theatre,
  workloadCluster,
} from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { MANAGED_CLUSTER_CLAIM } from '../../lib/apis/kinds.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { clientFromFile } from '../../lib/kube/client.ts';
import { IMAGE_KEEPER } from '../../provider/core/installation/image-keeper.ts';
import { docker, management, realFile } from './world.ts';

/** Real nodes take minutes. */
export const PATIENCE_MS = 800_000;

export const MACHINE = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Machine' } as const;

/** Subject is a claim that the tests of one file share. */
export interface Subject {
  readonly name: string;
  readonly claim: typeof MANAGED_CLUSTER_CLAIM & {
    readonly namespace: string;
    readonly name: string;
  };
  /** Applies profile and claim, and waits for the API server of the cluster. */
  apply(): Promise<void>;
  /** Takes the present kubeconfig of the management side: the handover has replaced the one of {@link apply}. */
  renew(): Promise<void>;
  /** A client of the cluster itself; fails before {@link apply} has ended. */
  inside(): KubeApi;
  theatre(): Theatre;
  machines(): Promise<readonly KubeObject[]>;
  /** Names of the engine's volumes before it was applied. */
  volumesBefore(): readonly string[];
}

/** Sizes of a cluster. */
type Sizes = Pick<RealClaim, 'controlPlanes' | 'workers'>;

const NAMESPACE = 'default';

/** aSubject is a claim that was not yet applied. */
export function aSubject(name: string, sizes: Sizes): Subject {
  const here = { namespace: NAMESPACE, name };
  const claim = { ...MANAGED_CLUSTER_CLAIM, ...here };
  let workload: KubeApi | undefined;
  let volumesBefore: readonly string[] = [];
  function inside(): KubeApi {
    if (workload === undefined) throw new Error(`${name} was not applied`);
    return workload;
  }
  async function renew(): Promise<void> {
    const { folder } = realFile();
    const { kubeconfig } = await workloadCluster({ folder }, management(), here);
    workload = clientFromFile(kubeconfig);
  }
  return {
    name,
    claim,
    inside,
    async apply() {
      const { socket } = realFile();
      volumesBefore = await volumes();
      await management().apply(realProfile(), { fieldManager: 'e2e' });
      await management().apply(realClaim({ ...here, ...sizes, socket }), { fieldManager: 'e2e' });
      await renew();
    },
    renew,
    volumesBefore: () => volumesBefore,
    theatre: () => ({ management: management(), workload: inside(), claim }),
    machines: async () => (await inside().list({ ...MACHINE, namespace: NAMESPACE })).items,
  };
}

/** volumes are the names of all volumes of the engine. */
export async function volumes(): Promise<readonly string[]> {
  return (await docker()(['volume', 'ls', '--quiet'])).split('\n').toSorted();
}

/** podsOfOurs are the Pods of the agent and of Cluster API in a cluster, without those that keep images. */
export async function podsOfOurs(api: KubeApi): Promise<readonly KubeObject[]> {
  const { items } = await api.list({ apiVersion: 'v1', kind: 'Pod' });
  return items.filter(
    ({ metadata: { namespace = '', name = '' } }) =>
      /^(managed-cluster|capi|capd)-/.test(namespace) && !name.startsWith(`${IMAGE_KEEPER}-`),
  );
}

/** oursRun waits until the agent and all of Cluster API run; each of them is one Pod. */
export async function oursRun(subject: Subject): Promise<void> {
  await waitFor({
    what: 'the agent and Cluster API to run',
    timeoutMs: 180_000,
    intervalMs: 1000,
    look: async () => {
      const containers = containersOf(await podsOfOurs(subject.inside()));
      return containers.length === 5 && containers.every(({ ready }) => ready === true)
        ? true
        : undefined;
    },
  });
}

/** containersOf are the statuses of all containers of Pods. */
export function containersOf(pods: readonly KubeObject[]): readonly Record<string, unknown>[] {
  return pods.flatMap((pod) => {
    const statuses = recordIn(pod, 'status')?.['containerStatuses'];
    return Array.isArray(statuses) ? (statuses as readonly Record<string, unknown>[]) : [];
  });
}

/** identities are names and uids, in order: an object that was made again has another uid. */
export function identities(objects: readonly KubeObject[]): readonly string[] {
  return objects.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).toSorted();
}
