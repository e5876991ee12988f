import { CLUSTER } from '../../capi/kinds.ts';
import { CLUSTER_PLAN, PIVOT } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { during } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { forwardOf, type Forward } from '../core/teardown/pivot-state.ts';
import type { Subject } from '../core/teardown/subject.ts';

/** Way is how a cluster stands between the sides, and the Pivot that brought it there. */
export interface Way {
  readonly forward: Forward;
  readonly pivot: KubeObject | undefined;
}

/** readWay reads it from the management side. */
export async function readWay(
  management: KubeApi,
  { cluster: ref, committed }: Subject,
): Promise<Way> {
  const [pivot, plan, cluster] = await during(
    `look how far cluster ${ref.namespace}/${ref.name} was handed over`,
    Promise.all([PIVOT, CLUSTER_PLAN, CLUSTER].map((type) => management.get({ ...type, ...ref }))),
  );
  return { forward: forwardOf({ pivot, plan, cluster, committed }), pivot };
}
