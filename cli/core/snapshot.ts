import type { KubeObject } from '../../lib/core/object.ts';
import { compareText } from '../../lib/core/order.ts';

/** Subject is the requested ManagedCluster. */
export interface Subject {
  /** A claim has a separate composite; a namespaced composite is both in one. */
  readonly flavour: 'claim' | 'composite';
  readonly namespace: string;
  readonly name: string;
}

/** SideObjects are the raw objects of one cluster on one side. Objects that do not exist are left out. */
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

/** NO_OBJECTS is a side without objects. */
export const NO_OBJECTS: SideObjects = {
  templates: [],
  machineDeployments: [],
  healthChecks: [],
  machines: [],
  infrastructureMachines: [],
};

/** Workload is what was read from the workload side, or why nothing was read. */
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
      /** Set when its API server was asked and did not answer. */
      readonly cause?: 'NoAnswer';
    }
  /** Too early: no kubeconfig Secret is referenced yet. */
  | { readonly kind: 'NotYet' };

/** Escrow is the Secret with the last known objects of a cluster that manages itself. */
export interface Escrow {
  readonly name: string;
  /** RFC 3339 time at which it was last written. */
  readonly refreshed?: string;
}

/** Snapshot is everything that was observed at one time; findings are derived from it without further reads. */
export interface Snapshot {
  /** RFC 3339 time of the snapshot, by the clock of the caller. */
  readonly takenAt: string;
  readonly subject: Subject;
  /** `kubectl` with the flags for the same cluster. */
  readonly kubectl: string;
  readonly claim?: KubeObject;
  readonly composite?: KubeObject;
  readonly plan?: KubeObject;
  readonly agentInstallation?: KubeObject;
  readonly pivot?: KubeObject;
  /** Pivots that Crossplane does not compose, such as the one that Teardown creates to take a cluster back. */
  readonly otherPivots: readonly KubeObject[];
  /** Objects composed by other steps of the pipeline. */
  readonly otherComposed: readonly KubeObject[];
  readonly management: SideObjects;
  readonly workload: Workload;
  /** Name and key of the Secret with the kubeconfig of the workload side. */
  readonly kubeconfigSecret?: { readonly name: string; readonly key: string };
  /** Lease that the agent renews. */
  readonly heartbeat?: KubeObject;
  readonly escrows: readonly Escrow[];
  /** ConfigMap with the report of Teardown. */
  readonly teardown?: KubeObject;
  /** Kinds that could not be read, so their absence proves nothing. */
  readonly unread: readonly Unread[];
}

/** Unread is a kind that could not be read. */
export interface Unread {
  readonly kind: string;
  /** Without the kind, so that kinds with the same reason can be grouped. */
  readonly why: string;
}

/** headOf is the object with our status: the composite, or the claim when only the claim can be read. */
export function headOf({ composite, claim }: Snapshot): KubeObject | undefined {
  return composite ?? claim;
}

/** isUnread reports whether a kind could not be read. */
export function isUnread({ unread }: Snapshot, kind: string): boolean {
  return unread.some((one) => one.kind === kind);
}

/** unreadText lists the kinds that could not be read, one line for each reason. */
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
