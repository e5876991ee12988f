import type { Theatre } from '@managed-cluster/testbed';
import {
  AGENT_INSTALLATION,
  CLUSTER_PLAN,
  NAMESPACED_MANAGED_CLUSTER,
  MANAGED_CLUSTER_CLAIM,
  PIVOT,
  X_MANAGED_CLUSTER,
} from '../../../lib/apis/kinds.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { KubeApi, ObjectRef, TypeRef } from '../../../lib/kube/api.ts';
import { eventually, kubectl, management, workload } from '../world.ts';

/** api is an administrator's client of the management side. */
export const api = management();

/** inside is an administrator's client of the cluster itself, whether the link is cut or not. */
export const inside = workload();

/** NAMESPACE is that of examples/dev. */
export const NAMESPACE = 'default';

/** CLAIM is the one of examples/dev. */
export const CLAIM = {
  flavour: 'claim',
  type: MANAGED_CLUSTER_CLAIM,
  name: 'demo',
  resource: 'managedclusters',
} as const;

/** NAMESPACED is the same cluster as a namespaced composite; it waits until the first one is gone. */
export const NAMESPACED = {
  flavour: 'namespaced composite',
  type: NAMESPACED_MANAGED_CLUSTER,
  name: 'demo-namespaced',
  resource: 'namespacedmanagedclusters',
} as const;

/** CLUSTERS are both. */
export const CLUSTERS = [CLAIM, NAMESPACED] as const;

/** Subject is one of them. */
export type Subject = (typeof CLUSTERS)[number];

/** CLUSTER_API are the kinds that CP-A consists of. */
export const CLUSTER_API: readonly TypeRef[] = [
  { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster' },
  { apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2', kind: 'DevCluster' },
  { apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2', kind: 'KubeadmControlPlane' },
  { apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2', kind: 'DevMachineTemplate' },
];

/** MACHINE is Cluster API's. */
export const MACHINE: TypeRef = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Machine' };

/** refOf names what a user applied. */
export function refOf({ type, name }: Subject): ObjectRef {
  return { ...type, namespace: NAMESPACE, name };
}

/** theatreOf is where the acts of the demo are played with a subject. */
export function theatreOf(subject: Subject): Theatre {
  return { management: api, workload: inside, claim: refOf(subject) };
}

/** compositeOf is the composite resource behind it. */
export async function compositeOf(subject: Subject): Promise<KubeObject> {
  const head = await eventually(api, refOf(subject), 'to be there');
  if (subject.flavour === 'namespaced composite') return head;
  const name = recordIn(recordIn(head, 'spec'), 'resourceRef')?.['name'];
  return eventually(api, { ...X_MANAGED_CLUSTER, name: String(name) }, 'to be there');
}

/** objectsOf are the objects of a cluster among those kinds, on one side. */
export async function objectsOf(
  { name }: Subject,
  types: readonly TypeRef[],
  side: KubeApi = api,
): Promise<readonly KubeObject[]> {
  const lists = await Promise.all(
    types.map((type) => side.list({ ...type, namespace: NAMESPACE })),
  );
  return lists
    .flatMap(({ items }) => items)
    .filter(
      (object) =>
        object.metadata.name === name ||
        object.metadata.labels?.['cluster.x-k8s.io/cluster-name'] === name,
    );
}

/** machinesOf are name, version and providerID of each Machine on one side. */
export async function machinesOf(subject: Subject, side: KubeApi): Promise<readonly string[]> {
  const machines = await objectsOf(subject, [MACHINE], side);
  return machines
    .map(({ metadata, ...rest }) => {
      const { version, providerID } = recordIn(rest, 'spec') ?? {};
      return `${metadata.name} ${String(version)} ${String(providerID)}`;
    })
    .toSorted();
}

/** identities are what must not change when nothing has changed: who each object is, and its spec. */
export async function identities(): Promise<readonly string[]> {
  const types = [...CLUSTER_API, CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT];
  const objects = await Promise.all([
    ...CLUSTERS.map((subject) => objectsOf(subject, types)),
    objectsOf(CLAIM, [...CLUSTER_API, MACHINE], inside),
  ]);
  return objects.flat().map(identityOf);
}

/** insideOf are the identities of the objects of a cluster in the cluster. */
export async function insideOf(subject: Subject): Promise<readonly string[]> {
  const objects = await objectsOf(subject, [...CLUSTER_API, MACHINE], inside);
  return objects.map(identityOf);
}

function identityOf({ kind, metadata: m }: KubeObject): string {
  return `${kind}/${m.name} ${m.uid} ${m.generation}`;
}

/** waitForCondition is `kubectl wait`, as users wait. */
export async function waitForCondition(
  { resource, name }: Subject,
  condition: string,
): Promise<string> {
  const wanted = `--for=condition=${condition}`;
  return kubectl('wait', '-n', NAMESPACE, `${resource}/${name}`, wanted, '--timeout=150s');
}

/** phaseOf is the phase that a status shows. */
export function phaseOf(object: KubeObject): unknown {
  return recordIn(object, 'status')?.['phase'];
}
