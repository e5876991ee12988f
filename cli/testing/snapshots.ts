import {
  AGENT_INSTALLATION,
  CLUSTER_PLAN,
  MANAGED_CLUSTER_CLAIM,
  PIVOT,
  X_MANAGED_CLUSTER,
} from '../../lib/apis/kinds.ts';
import { EPOCH_ANNOTATION, OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';
import type { KubeObject, ObjectMeta } from '../../lib/core/object.ts';
import { NO_OBJECTS, type SideObjects, type Snapshot } from '../core/snapshot.ts';

/** NOW is the time of the snapshots in tests. */
export const NOW = '2026-03-02T09:10:00Z';

/** SOON is a moment ago, LONG an hour ago. */
export const SOON = '2026-03-02T09:09:50Z';
export const LONG = '2026-03-02T08:10:00Z';

/** Said is a condition: status, reason, message, and since when (a moment ago when absent). */
export type Said = readonly [status: string, reason: string, message?: string, since?: string];

interface Parts {
  readonly conditions?: Readonly<Record<string, Said>>;
  readonly metadata?: ObjectMeta;
  readonly spec?: object;
  readonly status?: object;
}

/** anObject is an object of a kind with conditions as controllers write them. */
export function anObject(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  name: string,
  { conditions = {}, metadata = {}, spec = {}, status }: Parts = {},
): KubeObject {
  const list = Object.entries(conditions).map(([type, [state, reason, message = '', since]]) => ({
    type,
    status: state,
    reason,
    message,
    lastTransitionTime: since ?? SOON,
  }));
  const said = list.length === 0 ? status : { ...status, conditions: list };
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: 'team-a', creationTimestamp: LONG, ...metadata },
    spec,
    ...(said === undefined ? {} : { status: said }),
  };
}

/** aCluster is a Cluster with the owner and epoch annotations. */
export function aCluster(
  owner: string,
  epoch: number,
  paused: boolean,
  parts: Parts = {},
): KubeObject {
  const annotations = { [OWNER_ANNOTATION]: owner, [EPOCH_ANNOTATION]: String(epoch) };
  const metadata = { ...parts.metadata, annotations };
  const type = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster' };
  return anObject(type, 'demo', { ...parts, metadata, spec: { paused } });
}

/** aMachine is a Machine of Cluster API. */
export function aMachine(name: string, parts: Parts = {}): KubeObject {
  const spec = { infrastructureRef: { kind: 'DevMachine', name } };
  return anObject({ apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Machine' }, name, {
    spec,
    ...parts,
  });
}

/** aDevMachine is its infrastructure. */
export function aDevMachine(name: string, parts: Parts = {}): KubeObject {
  const apiVersion = 'infrastructure.cluster.x-k8s.io/v1beta2';
  return anObject({ apiVersion, kind: 'DevMachine' }, name, parts);
}

/** aComposite is the XManagedCluster; the claim has the same conditions. */
export function aComposite(parts: Parts): Pick<Snapshot, 'claim' | 'composite'> {
  const { namespace: _none, ...metadata } = anObject(
    X_MANAGED_CLUSTER,
    'demo-x7k2p',
    parts,
  ).metadata;
  return {
    claim: anObject(MANAGED_CLUSTER_CLAIM, 'demo', parts),
    composite: { ...anObject(X_MANAGED_CLUSTER, 'demo-x7k2p', parts), metadata },
  };
}

/** aPlan, anInstallation, aPivot are ours. */
export function aPlan(parts: Parts = {}): KubeObject {
  return anObject(CLUSTER_PLAN, 'demo', parts);
}

export function anInstallation(parts: Parts = {}): KubeObject {
  return anObject(AGENT_INSTALLATION, 'demo', parts);
}

export function aPivot(parts: Parts = {}, name = 'demo'): KubeObject {
  return anObject(PIVOT, name, { spec: { clusterName: 'demo' }, ...parts });
}

/** aSide is one side with some objects. */
export function aSide(objects: Partial<SideObjects>): SideObjects {
  return { ...NO_OBJECTS, ...objects };
}

/** ACCEPTED is the condition of every accepted claim. */
export const ACCEPTED: Readonly<Record<string, Said>> = {
  Accepted: ['True', 'Accepted', 'The claim is valid', LONG],
};

/** aSnapshot is a snapshot of the accepted claim team-a/demo with nothing else. */
export function aSnapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    takenAt: NOW,
    subject: { flavour: 'claim', namespace: 'team-a', name: 'demo' },
    kubectl: 'kubectl',
    ...aComposite({ conditions: ACCEPTED }),
    otherPivots: [],
    otherComposed: [],
    management: NO_OBJECTS,
    workload: { kind: 'NotYet' },
    escrows: [],
    unread: [],
    ...change,
  };
}
