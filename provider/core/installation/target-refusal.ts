import { AGENT_NAMESPACE, BOOTSTRAP_SECRET } from '../../../lib/apis/agent.ts';

/** ClusterName is a Cluster by namespace and name, as its management side has it. */
export interface ClusterName {
  readonly namespace: string;
  readonly name: string;
}

/** TargetFacts is what a kubeconfig leads to. */
export interface TargetFacts {
  /** uid of namespace kube-system, which is made with a cluster and lives as long as it does. */
  readonly uid: string;
  /** The cluster that the agent in it works for; undefined when there is no agent. */
  readonly agentOf: ClusterName | undefined;
}

/** Expected is what it shall lead to. */
export interface Expected {
  readonly cluster: ClusterName;
  /** The Secret with the kubeconfig, by its full name. */
  readonly kubeconfig: string;
  /** uid of the cluster that was installed into before; undefined the first time. */
  readonly knownUid: string | undefined;
  readonly managementUid: string | undefined;
}

/** Refusal is why nothing is written into a cluster, and what to do. */
export interface Refusal {
  readonly reason: 'TargetIsManagement' | 'TargetOfAnotherCluster' | 'TargetChanged';
  readonly message: string;
}

/**
 * targetRefusal keeps a wrong kubeconfig from putting an agent over that of another cluster: undefined
 * when what it leads to is the cluster's own, or nobody's. An AgentInstallation that is made anew under
 * its old name finds the agent of its own cluster.
 */
export function targetRefusal(
  { uid, agentOf }: TargetFacts,
  { cluster, kubeconfig, knownUid, managementUid }: Expected,
): Refusal | undefined {
  const name = nameOf(cluster);
  if (uid === managementUid) {
    return {
      reason: 'TargetIsManagement',
      message: `Secret ${kubeconfig} leads to the management side itself: put the kubeconfig of cluster ${name} into it`,
    };
  }
  if (agentOf !== undefined && nameOf(agentOf) !== name) {
    return {
      reason: 'TargetOfAnotherCluster',
      message: `Secret ${kubeconfig} leads to a cluster whose agent works for ${nameOf(agentOf)}, not for ${name}: put the kubeconfig of ${name} into it; or, when ${nameOf(agentOf)} has given that cluster up, delete Secret ${AGENT_NAMESPACE}/${BOOTSTRAP_SECRET} there`,
    };
  }
  if (knownUid !== undefined && knownUid !== uid) {
    return {
      reason: 'TargetChanged',
      message: `Secret ${kubeconfig} leads to another cluster than before (uid of namespace kube-system is ${uid}, was ${knownUid}): put the kubeconfig of ${name} into it again; or, when the cluster was really replaced, remove status.clusterUID of this AgentInstallation (kubectl patch --subresource=status)`,
    };
  }
  return undefined;
}

function nameOf({ namespace, name }: ClusterName): string {
  return `${namespace}/${name}`;
}
