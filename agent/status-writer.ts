import type { ClusterPlan, ClusterPlanStatus } from '../lib/apis/cluster-plan.generated.ts';
import { messageOf } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { isConflict } from '../lib/kube/errors.ts';
import type { Logger } from '../lib/log.ts';
import type { Result } from '../lib/reconcile/controller.ts';
import { writeStatus } from '../lib/reconcile/write-status.ts';
import { retryAfterMs } from './pacing.ts';

/** Time until a plan that has changed is looked at again; its event comes sooner. */
const CONFLICT_MS = 300;

/** So many conflicts in sequence are not those of a busy plan. */
const CONFLICTS_OF_A_DEAF_WATCH = 6;

/** StatusWriterOptions are the side, for the log, and how the plan is read anew. */
export interface StatusWriterOptions {
  readonly side: 'local' | 'management';
  readonly again: () => void;
  readonly log: Logger;
}

/** StatusWriter writes the status of a plan, and says when to try again. */
export class StatusWriter {
  /** On the clock of `performance.now()`. */
  writtenAt = Number.NEGATIVE_INFINITY;
  readonly #api: KubeApi;
  readonly #options: StatusWriterOptions;
  #failures = 0;
  #conflicts = 0;

  constructor(api: KubeApi, options: StatusWriterOptions) {
    this.#api = api;
    this.#options = options;
  }

  async write(plan: ClusterPlan, status: ClusterPlanStatus): Promise<Result> {
    try {
      await writeStatus(this.#api, plan, { ...status });
      this.writtenAt = performance.now();
      [this.#failures, this.#conflicts] = [0, 0];
      return {};
    } catch (error) {
      return isConflict(error) ? this.#conflicted() : this.#failed(error);
    }
  }

  /**
   * The plan has changed, or the last write is not in the watch cache yet: an event will follow. None follows if the
   * server was set back to a backup under a watch, which then waits for a version that is lost.
   */
  #conflicted(): Result {
    this.#conflicts += 1;
    const more = this.#conflicts - CONFLICTS_OF_A_DEAF_WATCH;
    if (more < 0) return { requeueAfterMs: CONFLICT_MS };
    this.#options.again();
    return { requeueAfterMs: retryAfterMs(more + 1) };
  }

  #failed(error: unknown): Result {
    this.#failures += 1;
    const level = this.#failures === 1 ? 'warn' : 'debug';
    const { side, log } = this.#options;
    log[level]({ side, error: messageOf(error) }, 'cannot write the report yet');
    return { requeueAfterMs: retryAfterMs(this.#failures) };
  }
}
