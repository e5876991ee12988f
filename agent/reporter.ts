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

/** Reporter writes what the agent has to say into the status of a plan, not too often. */
export interface Reporter {
  /** What is to be said from now on, and of which generation of the management side's plan. */
  readonly say: (report: Report, observedGeneration: number | undefined) => void;
  /** Looks again whether all is said, after a change of the plan or of the link. */
  readonly look: () => void;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** ReporterOptions say to whom is reported. */
export interface ReporterOptions {
  readonly side: 'local' | 'management';
  readonly plan: () => ClusterPlan | undefined;
  /** Whether anybody hears: undefined conditions are no reason to try. */
  readonly isHeard: () => boolean;
  readonly agentVersion: string;
  readonly log: Logger;
}

const KEY = { namespace: '', name: 'report' };

/** Between two reports, in milliseconds. */
const SPACING_MS = 1000;

/** createReporter prepares the reporter of one side. */
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
      // The plan has changed, or what was written is not seen yet: the event that shows it comes.
      if (isConflict(error)) return { requeueAfterMs: 300 };
      failures += 1;
      const level = failures === 1 ? 'warn' : 'debug';
      log[level]({ side, error: messageOf(error) }, 'report not written yet');
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
