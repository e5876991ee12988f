import { AGENTS_NAMESPACE, agentIdentity } from '../../../lib/apis/agent.ts';
import { PIVOT } from '../../../lib/apis/kinds.ts';
import { CLUSTER_LABEL, HOLD_LABEL } from '../../../lib/apis/ownership.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { backName } from './pivot-state.ts';
import { escrowed, stampOf } from './belonging.ts';
import { FORCE_ESCROW_ANNOTATION, type Subject } from './subject.ts';
import { UNREACHABLE_MS, type Signs } from './unreachable.ts';

/** TakeBack is the next action for a cluster that manages itself. */
export type TakeBack =
  | { readonly kind: 'Done' }
  /** No object can be created in the namespace. */
  | { readonly kind: 'Stranded' }
  | { readonly kind: 'Create' }
  /** The cluster does not answer: use its last known state. */
  | { readonly kind: 'UseEscrow'; readonly back: KubeObject }
  | { readonly kind: 'Wait'; readonly back: KubeObject };

/** TakeBackView is the input of {@link takeBackOf}. */
export interface TakeBackView {
  /** The Pivot that takes the cluster back. */
  readonly back: KubeObject | undefined;
  readonly terminating: boolean;
  /** The user declared the cluster dead. */
  readonly forced: boolean;
  /** Milliseconds in which neither the cluster answered nor its agent renewed its Lease. */
  readonly unreachableMs: number;
}

/** takeBackOf returns the next action. After the commit of the take-back its source no longer matters. */
export function takeBackOf(view: TakeBackView): TakeBack {
  const { back, terminating, forced, unreachableMs } = view;
  if (isTrue(back, 'Ready')) return { kind: 'Done' };
  if (back === undefined) return { kind: terminating ? 'Stranded' : 'Create' };
  const dead = forced || unreachableMs >= UNREACHABLE_MS;
  const fromCluster = recordIn(back, 'spec')?.['source'] !== 'Escrow';
  if (dead && fromCluster && !isTrue(back, 'Committed')) {
    return { kind: 'UseEscrow', back };
  }
  return { kind: 'Wait', back };
}

/** backPivot returns the Pivot that Teardown creates; Crossplane does not compose it. */
export function backPivot(
  { composite, cluster, kubeconfig, provider }: Subject,
  source: 'Cluster' | 'Escrow' = 'Cluster',
): KubeObject {
  return {
    ...PIVOT,
    metadata: {
      name: backName(cluster.name),
      namespace: cluster.namespace,
      labels: { [CLUSTER_LABEL]: cluster.name, [HOLD_LABEL]: '' },
      annotations: stampOf(composite.metadata.uid),
    },
    spec: {
      clusterName: cluster.name,
      kubeconfigSecretRef: kubeconfig,
      direction: 'ToManagement',
      source,
      ...(provider === undefined ? {} : { provider }),
    },
  };
}

/** strandedMessage explains why a cluster cannot be taken back into a namespace that is being deleted. */
export function strandedMessage({ cluster: { namespace, name } }: Subject): string {
  return `Namespace ${namespace} is being deleted, so no object can be created in it and cluster ${name} cannot be taken back; the cluster keeps running and manages itself. Save its kubeconfig, then set spec.deletionPolicy to Orphan to release the cluster; afterwards remove its machines in your cloud, or with Cluster API from a copy of its objects in another namespace`;
}

/** elsewhereMessage is the notice about a cluster that does not answer and belongs to another management side. */
export function elsewhereMessage(failure: string): string {
  return `The cluster does not answer (${failure}), and belonged to another management side when it last did: set spec.deletionPolicy to Orphan to let it go; its last known state is used only with annotation ${FORCE_ESCROW_ANNOTATION}: "true" on this object`;
}

/** reachMessage returns the text that is appended while the cluster does not answer. */
export function reachMessage(
  subject: Subject,
  { unreachableMs, heard = false }: Signs,
  failure: string,
): string {
  const { cluster, kubeconfig } = subject;
  const lease = `${AGENTS_NAMESPACE}/${agentIdentity(escrowed(subject))}`;
  const forced = `annotation ${FORCE_ESCROW_ANNOTATION}: "true" on this object`;
  if (heard) {
    return `The cluster does not answer from here (${failure}), but it is alive: its agent renews Lease ${lease}. Fix the route to its API server, or the kubeconfig in Secret ${cluster.namespace}/${kubeconfig.name}; its last known state is used only with ${forced}, which you should set only if you know that its machines no longer exist`;
  }
  const left = Math.ceil((UNREACHABLE_MS - unreachableMs) / 60_000);
  return `The cluster does not answer (${failure}); its last known state is used instead in ${left} min if its agent does not renew its Lease either, or immediately with ${forced}`;
}
