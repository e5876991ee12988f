import type { ClusterPlan } from '../lib/apis/cluster-plan.generated.ts';
import { metaTime } from '../lib/core/time.ts';
import { messageOf } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { isConflict } from '../lib/kube/errors.ts';
import type { Logger } from '../lib/log.ts';
import { createController, type Controller } from '../lib/reconcile/controller.ts';
import { writeStatus } from '../lib/reconcile/write-status.ts';
import type { Report } from './core/report.ts';
import { statusOf } from './core/status.ts';
import { retryAfterMs } from './pacing.ts';

/** Reporter writes the report of the agent into the status of a plan, at a limited rate. */
export interface Reporter {
  /** Sets the report, and the generation of the plan on the management side that it is for. */
  readonly say: (report: Report, observedGeneration: number | undefined) => void;
  /** Compares report and status again, after a change of the plan or a restored connection. */
  readonly look: () => void;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** ReporterOptions are the side and the plan to report to. */
export interface ReporterOptions {
  readonly side: 'local' | 'management';
  readonly plan: () => ClusterPlan | undefined;
  /** Whether the side is connected; undefined conditions are not written. */
  readonly isHeard: () => boolean;
  readonly agentVersion: string;
  readonly log: Logger;
}

const KEY = { namespace: '', name: 'report' };

/** Minimum interval between two reports, in milliseconds. */
const SPACING_MS = 1000;

/** createReporter creates the reporter of one side. */
export function createReporter(api: KubeApi, options: ReporterOptions): Reporter {
  const { plan, side, isHeard, agentVersion, log } = options;
  let said:
    { readonly report: Report; readonly observedGeneration: number | undefined } | undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;
  let failures = 0;

  async function write(): Promise<{ readonly requeueAfterMs?: number }> {
    const present = plan();
    if (said === undefined || present === undefined || !isHeard()) return {};
    const rest = writtenAt + SPACING_MS - performance.now();
    if (rest > 0) return { requeueAfterMs: rest };
    const { report, observedGeneration } = said;
    const now = metaTime(new Date());
    const status = statusOf(present.status, report, { agentVersion, observedGeneration, now });
    if (status === undefined) return {};
    try {
      await writeStatus(api, present, { ...status });
      writtenAt = performance.now();
      failures = 0;
      return {};
    } catch (error) {
      // The plan has changed, or the last write is not in the watch cache yet: an event will follow.
      if (isConflict(error)) return { requeueAfterMs: 300 };
      failures += 1;
      const level = failures === 1 ? 'warn' : 'debug';
      log[level]({ side, error: messageOf(error) }, 'cannot write the report yet');
      return { requeueAfterMs: retryAfterMs(failures) };
    }
  }

  const controller: Controller = createController(
    { name: `report-${side}`, reconcile: write },
    { log },
  );
  return {
    say(report, observedGeneration): void {
      said = { report, observedGeneration };
      controller.enqueue(KEY);
    },
    look: () => controller.enqueue(KEY),
    run: (signal) => controller.run(signal),
  };
}
