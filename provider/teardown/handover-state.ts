import { CLUSTER } from '../../capi/kinds.ts';
import { CLUSTER_PLAN, PIVOT } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { backName, forwardOf, type Forward } from '../core/teardown/pivot-state.ts';
import { belongingOf, unlessTheirs } from '../core/teardown/belonging.ts';
import type { Subject } from '../core/teardown/subject.ts';

/** HandoverState says which side owns a cluster, and which Pivots moved it. */
export interface HandoverState {
  readonly forward: Forward;
  readonly pivot: KubeObject | undefined;
  /** The Pivot that Teardown uses to take the cluster back. */
  readonly back: KubeObject | undefined;
  /** Objects that have the name of the cluster but were created for another composite. */
  readonly others: readonly KubeObject[];
}

/**
 * readHandoverState reads the state from the management side. Objects that were created for another
 * composite are ignored.
 */
export async function readHandoverState(
  management: KubeApi,
  subject: Subject,
): Promise<HandoverState> {
  const { cluster: ref, committed } = subject;
  const found = await wrapError(
    `read the handover state of cluster ${ref.namespace}/${ref.name}`,
    Promise.all([
      ...[PIVOT, CLUSTER_PLAN, CLUSTER].map((type) => management.get({ ...type, ...ref })),
      management.get({ ...PIVOT, namespace: ref.namespace, name: backName(ref.name) }),
    ]),
  );
  const [pivot, plan, cluster, back] = found.map((object) => unlessTheirs(subject, object));
  const others = found
    .filter((object) => object !== undefined)
    .filter((object) => belongingOf(subject, object) === 'Theirs');
  const certain = [pivot, plan, cluster].some(
    (object) => object !== undefined && belongingOf(subject, object) === 'Ours',
  );
  return { forward: forwardOf({ pivot, plan, cluster, committed, certain }), pivot, back, others };
}
