import { agentIdentity } from '../../../lib/apis/agent.ts';
import { PIVOT } from '../../../lib/apis/kinds.ts';
import { CLUSTER_LABEL, HOLD_LABEL } from '../../../lib/apis/ownership.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { backName } from './pivot-state.ts';
import { stampOf } from './belonging.ts';
import { FORCE_ESCROW_ANNOTATION, type Subject } from './subject.ts';
import { UNREACHABLE_MS, type Signs } from './unreachable.ts';

/** TakeBack is what to do next about a cluster that belongs to itself. */
export type TakeBack =
  | { readonly kind: 'Done' }
  /** Nothing can be made in the namespace. */
  | { readonly kind: 'Stranded' }
  | { readonly kind: 'Create' }
  /** The cluster does not answer: take its last known state. */
  | { readonly kind: 'UseEscrow'; readonly back: KubeObject }
  | { readonly kind: 'Wait'; readonly back: KubeObject };

/** TakeBackView is what that is decided upon. */
export interface TakeBackView {
  /** The Pivot of the way back. */
  readonly back: KubeObject | undefined;
  readonly terminating: boolean;
  /** The user says that the cluster is dead. */
  readonly forced: boolean;
  /** Milliseconds in which neither the cluster nor its agent gave a sign of life. */
  readonly unreachableMs: number;
}

/** takeBackOf decides. Behind the commit of the way back its source makes no difference any more. */
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

/** backPivot is the Pivot that Teardown makes: Crossplane knows nothing of it. */
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

/** strandedMessage says why a cluster can't be taken back into a namespace that is being deleted. */
export function strandedMessage({ cluster: { namespace, name } }: Subject): string {
  return `Namespace ${namespace} is being deleted, so nothing can be made in it and cluster ${name} can't be taken back; it runs on and manages itself. Save its kubeconfig, then set spec.deletionPolicy to Orphan to let it go; its machines must then be removed in your cloud, or by Cluster API from a copy of its objects in another namespace`;
}

/** reachMessage is what is added while the cluster does not answer. */
export function reachMessage(
  { cluster: { namespace, name }, kubeconfig }: Subject,
  { unreachableMs, heard = false }: Signs,
  failure: string,
): string {
  const forced = `annotation ${FORCE_ESCROW_ANNOTATION}: "true" on this object`;
  if (heard) {
    return `The cluster does not answer from here (${failure}), but it is alive: its agent renews Lease ${namespace}/${agentIdentity(name)}. Mend the route to its API server, or the kubeconfig in Secret ${namespace}/${kubeconfig.name}; its last known state is used only with ${forced}, for who knows that its machines are gone`;
  }
  const left = Math.ceil((UNREACHABLE_MS - unreachableMs) / 60_000);
  return `The cluster does not answer (${failure}); in ${left} min its last known state is used instead, if its agent gives no sign of life either, or at once with ${forced}`;
}
