import { isPaused } from '../../lib/apis/pause.ts';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { Ending, ManagedPass } from '../../lib/reconcile/managed.ts';
import { done, type Outcome } from '../../lib/reconcile/outcome.ts';
import { syncedOf } from '../../lib/reconcile/synced.ts';
import { keyOf, keyText } from '../../lib/reconcile/work-queue.ts';
import { ABANDONED, isAbandoned, isGivenUp } from '../core/pivot/abandoned.ts';
import { openAttempt, unfinishedAbort } from '../core/pivot/journal.ts';
import type { ProviderDeps } from '../deps.ts';
import type { AttemptClock } from './attempt-clock.ts';
import type { PivotMetrics } from './metrics.ts';
import type { Outages } from './outages.ts';
import type { PivotRecord } from './pivot-record.ts';
import { pausedCondition, readyCondition } from './report.ts';
import { runPivot } from './run-pivot.ts';
import { scopeOf } from './scope-of.ts';

/** PivotControllerParts are shared by all passes of the controller. */
export interface PivotControllerParts {
  readonly deps: ProviderDeps;
  readonly metrics: PivotMetrics;
  readonly clock: AttemptClock;
  readonly outages: Outages;
}

/**
 * isResting reports whether nothing is done for a Pivot. A Pivot that has given up still reports it,
 * because other controllers rely on that.
 */
export function isResting(pivot: KubeObject): boolean {
  return isPaused(pivot) && !isAbandoned(pivot);
}

/** PivotPass is one pass over one Pivot. Passes of the same Pivot never overlap. */
export class PivotPass implements ManagedPass {
  readonly paused: boolean;
  readonly #parts: PivotControllerParts;
  readonly #record: PivotRecord;
  readonly #signal: AbortSignal;
  /** What to do, decided when the pass starts. */
  readonly #task: 'Nothing' | 'Abandon' | 'Pivot';

  constructor(parts: PivotControllerParts, record: PivotRecord, signal: AbortSignal) {
    this.#parts = parts;
    this.#record = record;
    this.#signal = signal;
    this.paused = isResting(record.object);
    const asked = isGivenUp(record.object) ? 'Abandon' : 'Pivot';
    this.#task = nothingLeft(record) ? 'Nothing' : asked;
  }

  get object(): KubeObject {
    return this.#record.object;
  }

  async run(): Promise<Outcome> {
    if (this.#task !== 'Pivot') return done;
    const scope = await scopeOf({
      ...this.#parts,
      record: this.#record,
      signal: this.#signal,
    });
    return runPivot(scope, this.#parts.clock);
  }

  async report(ending: Ending): Promise<void> {
    if (ending.kind === 'Paused') return this.#rest();
    if (this.#task === 'Nothing') return;
    if (this.#task === 'Abandon') return this.#abandon();
    if (ending.kind === 'Failed') {
      await this.#record.save({ conditions: [syncedOf(ending)] });
    } else {
      await this.#tell(ending);
    }
  }

  ended(): void {
    this.#parts.clock.forget(keyText(keyOf(this.object)));
  }

  /** Does nothing, but reports once that the cluster is paused in the meantime. */
  async #rest(): Promise<void> {
    const record = this.#record;
    const fenced = pausedCondition(record.journal, record.committed);
    const told = conditionOf(record.object, 'Ready')?.reason === fenced?.reason;
    await record.save({
      conditions: [syncedOf({ kind: 'Paused' }), ...(fenced === undefined ? [] : [fenced])],
    });
    if (fenced === undefined || told) return;
    this.#parts.deps.events.event(record.object, 'Warning', fenced.reason, fenced.message);
  }

  /** A reader of this status can rely on no pass being in progress. */
  async #abandon(): Promise<void> {
    const message = 'Gave up after the commit: the cluster is taken back without this Pivot';
    await this.#record.save({
      phase: ABANDONED,
      conditions: [syncedOf(done), { type: 'Ready', status: 'False', reason: ABANDONED, message }],
    });
  }

  async #tell(outcome: Outcome<unknown>): Promise<void> {
    const { events } = this.#parts.deps;
    const record = this.#record;
    const finished = outcome.kind === 'Done' && record.committed;
    await record.save({
      conditions: [syncedOf(outcome), readyCondition(outcome, finished)],
      ...(finished ? { phase: 'Completed' } : {}),
    });
    if (finished) {
      const side = record.spec.direction === 'ToWorkload' ? 'workload' : 'management';
      const message = `The ${side} side manages the cluster`;
      events.event(record.object, 'Normal', 'PivotCompleted', message);
    } else if (outcome.kind === 'Stalled') {
      events.event(record.object, 'Warning', outcome.reason, outcome.message);
    }
  }
}

/** Whether the Pivot is finished or has given up, or is deleted without an unfinished attempt. */
function nothingLeft({ object, journal, committed, deleted }: PivotRecord): boolean {
  if (committed) return isTrue(object, 'Ready') || isAbandoned(object);
  return deleted && openAttempt(journal) === undefined && unfinishedAbort(journal) === undefined;
}
