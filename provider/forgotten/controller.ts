import { CLUSTER } from '../../capi/kinds.ts';
import { PIVOT } from '../../lib/apis/kinds.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import type { Key, Result } from '../../lib/reconcile/controller.ts';
import { keyOf, keyText } from '../../lib/reconcile/work-queue.ts';
import type { ControllerParts, ProviderDeps } from '../deps.ts';
import { ask, isToBeAsked } from './ask.ts';

/** When a cluster is asked again without an event, in milliseconds; a handed over one has no Cluster here any more. */
const AGAIN_MS = { Silent: 15_000, Heard: 60_000 };

/** Events come in bursts: a cluster is asked no more often than this, in milliseconds. */
const SPACING_MS = 5000;

/**
 * forgottenController asks every cluster that this side means to own whether it manages itself, for as long as it does. If
 * it says so, this side was restored from a backup of before the handover (docs/decisions/0029). `monotonic` is a clock
 * that cannot jump, in milliseconds.
 */
export function forgottenController(
  deps: ProviderDeps,
  monotonic: () => number = () => performance.now(),
): ControllerParts {
  const askedAt = new Map<string, number>();

  async function reconcile(key: Key): Promise<Result> {
    const id = keyText(key);
    const last = askedAt.get(id);
    const rest = last === undefined ? 0 : last + SPACING_MS - monotonic();
    if (rest > 0) return { requeueAfterMs: rest };
    const { kind } = await ask(deps, key);
    if (kind === 'Never' || kind === 'Forgotten') {
      askedAt.delete(id);
      return {};
    }
    askedAt.set(id, monotonic());
    return { requeueAfterMs: AGAIN_MS[kind] };
  }

  return {
    reconciler: { name: 'forgotten', reconcile },
    sources: [
      { type: CLUSTER, toKeys: (cluster) => (isToBeAsked(cluster) ? [keyOf(cluster)] : []) },
      { type: PIVOT, toKeys: clusterNamedBy },
    ],
  };
}

/** clusterNamedBy returns the Cluster that a Pivot names. */
export function clusterNamedBy(pivot: KubeObject): readonly Key[] {
  const name = recordIn(pivot, 'spec')?.['clusterName'];
  return typeof name === 'string' ? [{ namespace: pivot.metadata.namespace ?? '', name }] : [];
}
