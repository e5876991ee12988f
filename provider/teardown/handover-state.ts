import { CLUSTER } from '../../capi/kinds.ts';
import { CLUSTER_PLAN, PIVOT } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { backName, forwardOf, type Forward } from '../core/teardown/pivot-state.ts';
import { belongingOf, unlessTheirs } from '../core/teardown/belonging.ts';
import type { Subject } from '../core/teardown/subject.ts';

/** HandoverState is how a cluster stands between the sides, and the Pivots that brought it there. */
export interface HandoverState {
  readonly forward: Forward;
  readonly pivot: KubeObject | undefined;
  /** The Pivot by which Teardown takes the cluster back. */
  readonly back: KubeObject | undefined;
  /** What bears the name of the cluster and was made for another composite. */
  readonly others: readonly KubeObject[];
}

/** readHandoverState reads it from the management side. What was made for another composite says nothing of this one. */
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
  return { forward: forwardOf({ pivot, plan, cluster, committed }), pivot, back, others };
}
