import { FORGOTTEN } from '../../../lib/apis/forgotten.ts';
import { AGENT_NAMESPACE, BOOTSTRAP_SECRET } from '../../../lib/apis/agent.ts';

/** ClusterName identifies a Cluster on its management side. */
export interface ClusterName {
  readonly namespace: string;
  readonly name: string;
}

/** TargetFacts describes the cluster that a kubeconfig connects to. */
export interface TargetFacts {
  /** uid of namespace kube-system, which identifies the cluster for its whole lifetime. */
  readonly uid: string;
  /** The Cluster that the agent in it works for; undefined if there is no agent. */
  readonly agentOf: ClusterName | undefined;
  /** uid of its management side according to its Cluster; undefined if it does not say. */
  readonly managedBy?: string | undefined;
}

/** Expected describes the cluster that the kubeconfig must connect to. */
export interface Expected {
  readonly cluster: ClusterName;
  /** The namespace and name of the Secret with the kubeconfig. */
  readonly kubeconfig: string;
  /** uid of the cluster of the previous installation; undefined for the first one. */
  readonly knownUid: string | undefined;
  readonly managementUid: string | undefined;
  /** The Cluster on the management side says that the handover was forgotten. */
  readonly forgotten: boolean;
}

/** Refusal is why nothing is written into a cluster, and what to do about it. */
export interface Refusal {
  readonly reason:
    | 'TargetIsManagement'
    | 'TargetOfAnotherCluster'
    | 'TargetChanged'
    | 'ManagedElsewhere'
    | 'SelfManagedAlready';
  readonly message: string;
}

/**
 * targetRefusal prevents a wrong kubeconfig from replacing the agent of another cluster. Undefined if the
 * target is the expected cluster, or has no agent. An AgentInstallation that was recreated under the same
 * name finds the agent of its own cluster.
 */
export function targetRefusal(
  { uid, agentOf, managedBy }: TargetFacts,
  { cluster, kubeconfig, knownUid, managementUid, forgotten }: Expected,
): Refusal | undefined {
  const name = nameOf(cluster);
  if (uid === managementUid) {
    return {
      reason: 'TargetIsManagement',
      message: `The kubeconfig in Secret ${kubeconfig} connects to the management side itself: replace it with the kubeconfig of cluster ${name}`,
    };
  }
  if (agentOf !== undefined && nameOf(agentOf) !== name) {
    return {
      reason: 'TargetOfAnotherCluster',
      message: `The kubeconfig in Secret ${kubeconfig} connects to a cluster whose agent works for ${nameOf(agentOf)}, not for ${name}: replace it with the kubeconfig of ${name}; or, if ${nameOf(agentOf)} no longer uses that cluster, delete Secret ${AGENT_NAMESPACE}/${BOOTSTRAP_SECRET} there`,
    };
  }
  if (knownUid !== undefined && knownUid !== uid) {
    return {
      reason: 'TargetChanged',
      message: `The kubeconfig in Secret ${kubeconfig} connects to a different cluster than before (the uid of namespace kube-system is ${uid}, it was ${knownUid}): restore the kubeconfig of ${name}; or, if the cluster was really replaced, remove status.clusterUID of this AgentInstallation (kubectl patch --subresource=status)`,
    };
  }
  if (forgotten) return { reason: 'SelfManagedAlready', message: FORGOTTEN };
  const isKnown = managedBy !== undefined && managementUid !== undefined;
  if (isKnown && managedBy !== managementUid) {
    return { reason: 'ManagedElsewhere', message: managedElsewhere(managedBy) };
  }
  return undefined;
}

/** managedElsewhere is the message about a cluster that another management side has. */
export function managedElsewhere(uid: string): string {
  return `The cluster manages itself and belongs to another management side (the uid of its namespace kube-system is ${uid}): this side changes nothing in it. Delete the ManagedCluster here after spec.deletionPolicy was set to Orphan; to take the cluster over, create it again afterwards with spec.adoptFrom: ${uid}`;
}

function nameOf({ namespace, name }: ClusterName): string {
  return `${namespace}/${name}`;
}
