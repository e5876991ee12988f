import { AGENT_INSTALLATION, PIVOT } from '../../lib/apis/kinds.ts';
import { PROVIDER_FINALIZER } from '../../lib/apis/ownership.ts';
import { keyOf, keyText } from '../../lib/reconcile/work-queue.ts';
import { managed } from '../../lib/reconcile/managed.ts';
import type { Pace } from '../../lib/reconcile/pace.ts';
import { ownerMark } from '../core/teardown/belonging.ts';
import type { ControllerParts, ProviderDeps } from '../deps.ts';
import { AttemptClock } from './attempt-clock.ts';
import { createPivotMetrics } from './metrics.ts';
import { Outages } from './outages.ts';
import { CLUSTER } from '../../capi/kinds.ts';
import { isResting, PivotPass, type PivotControllerParts } from './pivot-pass.ts';
import { isPivot, PivotRecord } from './pivot-record.ts';

/** A reconcile spends most of its time waiting. */
const WORKERS = 20;
/**
 * In the middle of a pivot nobody manages the cluster, so that it rests for a short time only; there are many
 * workers.
 */
const UNMANAGED_PACE: Pace = {
  slowMs: 5000,
  patientMs: 10_000,
  longestMs: 180_000,
  longestRestMs: 30_000,
};

/**
 * pivotController hands clusters over to themselves and takes them back (DESIGN 6). `monotonicMs` is a clock that cannot
 * jump, in milliseconds.
 */
export function pivotController(
  deps: ProviderDeps,
  monotonicMs: () => number = () => performance.now(),
): ControllerParts {
  const { management, clock: wallClock } = deps;
  const clock = new AttemptClock();
  const parts: PivotControllerParts = {
    deps,
    metrics: createPivotMetrics(deps.metrics),
    clock,
    outages: new Outages(monotonicMs),
  };
  return {
    reconciler: managed({
      name: 'pivot',
      api: management,
      finalizer: PROVIDER_FINALIZER,
      marksOf: ownerMark,
      async read(key) {
        const found = await management.get({ ...PIVOT, ...key });
        return found !== undefined && isPivot(found) ? found : undefined;
      },
      // A Pivot that has not started may be deleted while it is paused (crossplane-runtime does the same).
      isHeld: (pivot) => !isResting(pivot),
      begin(pivot, _key, signal) {
        const record = new PivotRecord(management, pivot, () => wallClock.now());
        return Promise.resolve(new PivotPass(parts, record, signal));
      },
      forget: (key) => clock.forget(keyText(key)),
    }),
    sources: [
      { type: PIVOT, toKeys: (object) => [keyOf(object)] },
      // Composed Pivots have the name of their cluster; other Pivots are requeued.
      { type: CLUSTER, toKeys: (object) => [keyOf(object)] },
      { type: AGENT_INSTALLATION, toKeys: (object) => [keyOf(object)] },
    ],
    workers: WORKERS,
    pace: UNMANAGED_PACE,
  };
}
