import type { KubeObject } from '../../lib/core/object.ts';
import { compareText } from '../../lib/core/order.ts';

/** Subject is the ManagedCluster that is asked about. */
export interface Subject {
  /** A claim has a composite of its own behind it; a namespaced composite is both in one. */
  readonly flavour: 'claim' | 'composite';
  readonly namespace: string;
  readonly name: string;
}

/** SideObjects are the objects of one cluster on one side, raw. What is not there is left out. */
export interface SideObjects {
  readonly cluster?: KubeObject;
  readonly infrastructureCluster?: KubeObject;
  readonly controlPlane?: KubeObject;
  readonly templates: readonly KubeObject[];
  readonly machineDeployments: readonly KubeObject[];
  readonly healthChecks: readonly KubeObject[];
  readonly machines: readonly KubeObject[];
  /** Infrastructure machines, such as VSphereMachine. */
  readonly infrastructureMachines: readonly KubeObject[];
}

/** NO_OBJECTS is a side without any. */
export const NO_OBJECTS: SideObjects = {
  templates: [],
  machineDeployments: [],
  healthChecks: [],
  machines: [],
  infrastructureMachines: [],
};

/** Workload is what is known of the other side, or why nothing is. */
export type Workload =
  | {
      readonly kind: 'Reached';
      readonly objects: SideObjects;
      /** Deployments in the namespace of the agent. */
      readonly deployments: readonly KubeObject[];
    }
  | {
      readonly kind: 'Unknown';
      readonly why: string;
      /** Absent where the caller has not the right to know. */
      readonly cause?: 'NoKubeconfig' | 'NoAnswer';
    }
  /** Too early: nothing of ours is there yet. */
  | { readonly kind: 'NotYet' };

/** Escrow is the Secret with the last known objects of a cluster that manages itself. */
export interface Escrow {
  readonly name: string;
  /** RFC 3339 time at which it was last written. */
  readonly refreshed?: string;
}

/** Snapshot is all that was observed, once; what follows from it is decided without looking again. */
export interface Snapshot {
  /** RFC 3339 time at which it was taken, by the clock of the caller. */
  readonly takenAt: string;
  readonly subject: Subject;
  /** `kubectl` with the flags that lead to the same cluster as the question did. */
  readonly kubectl: string;
  readonly claim?: KubeObject;
  readonly composite?: KubeObject;
  readonly plan?: KubeObject;
  readonly agentInstallation?: KubeObject;
  readonly pivot?: KubeObject;
  /** Pivots that Crossplane knows nothing of, such as the way back that Teardown makes. */
  readonly otherPivots: readonly KubeObject[];
  /** Composed by other steps of a pipeline than ours. */
  readonly otherComposed: readonly KubeObject[];
  readonly management: SideObjects;
  readonly workload: Workload;
  /** Name and key of the Secret with the kubeconfig of the workload side. */
  readonly kubeconfigSecret?: { readonly name: string; readonly key: string };
  /** Lease that the agent renews. */
  readonly heartbeat?: KubeObject;
  readonly escrows: readonly Escrow[];
  /** ConfigMap in which Teardown reports. */
  readonly teardown?: KubeObject;
  /** What could not be read; nothing follows from its absence. */
  readonly unread: readonly Unread[];
}

/** Unread is a kind of object that could not be looked at. */
export interface Unread {
  readonly kind: string;
  /** Without the kind, so that kinds with the same reason can be told together. */
  readonly why: string;
}

/** headOf is the object that carries our status: the composite, or the claim where only that can be read. */
export function headOf({ composite, claim }: Snapshot): KubeObject | undefined {
  return composite ?? claim;
}

/** isUnread tells whether the absence of a kind means nothing. */
export function isUnread({ unread }: Snapshot, kind: string): boolean {
  return unread.some((one) => one.kind === kind);
}

/** unreadText says what could not be read, one sentence for each reason. */
export function unreadText(unread: readonly Unread[]): readonly string[] {
  const reasons = [...new Set(unread.map(({ why }) => why))];
  return reasons.map((reason) => {
    const kinds = unread.filter(({ why }) => why === reason).map(({ kind }) => kind);
    return `${kinds.toSorted(compareText).join(', ')}: ${reason}`;
  });
}

/** pivotsOf are all Pivots of the cluster. */
export function pivotsOf({ pivot, otherPivots }: Snapshot): readonly KubeObject[] {
  return [...(pivot === undefined ? [] : [pivot]), ...otherPivots];
}
