import type { ClusterPlan, ClusterPlanStatus } from '../lib/apis/cluster-plan.generated.ts';
import { metaTime } from '../lib/core/time.ts';
import { messageOf } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { isConflict } from '../lib/kube/errors.ts';
import type { Logger } from '../lib/log.ts';
import { createController, type Controller } from '../lib/reconcile/controller.ts';
import { writeStatus } from '../lib/reconcile/write-status.ts';
import type { Lineage } from './core/plan-lineage.ts';
import type { Offer, Report } from './core/report.ts';
import { statusOf } from './core/status.ts';
import { retryAfterMs } from './pacing.ts';

/** Reporter writes the report of the agent into the status of a plan, at a limited rate. */
export interface Reporter {
  /** Sets the report, the generation of the plan on the management side that it is for, and a lineage to offer. */
  readonly say: (report: Report, observedGeneration: number | undefined, offer?: Offer) => void;
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

interface Said {
  readonly report: Report;
  readonly observedGeneration: number | undefined;
  readonly offer: Offer | undefined;
}

/** The lineage to write; on another state of the plan than the agent saw it would prove what is not so. */
function lineageFor(present: ClusterPlan, { offer }: Said): Lineage | undefined {
  return offer?.plan === present ? offer.lineage : undefined;
}

const KEY = { namespace: '', name: 'report' };

/** Minimum interval between two reports, in milliseconds. */
const SPACING_MS = 1000;

/** createReporter creates the reporter of one side. */
export function createReporter(api: KubeApi, options: ReporterOptions): Reporter {
  const { plan, side, isHeard, agentVersion, log } = options;
  let said: Said | undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;
  let failures = 0;

  async function write(): Promise<{ readonly requeueAfterMs?: number }> {
    const present = plan();
    if (said === undefined || present === undefined || !isHeard()) return {};
    const lineage = lineageFor(present, said);
    const rest = writtenAt + SPACING_MS - performance.now();
    if (rest > 0 && lineage === undefined) return { requeueAfterMs: rest };
    const { report, observedGeneration } = said;
    const speaker = { agentVersion, observedGeneration, now: metaTime(new Date()), lineage };
    const status = statusOf(present.status, report, speaker);
    return status === undefined ? {} : put(present, status);
  }

  async function put(
    present: ClusterPlan,
    status: ClusterPlanStatus,
  ): Promise<{ readonly requeueAfterMs?: number }> {
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
    say(report, observedGeneration, offer): void {
      said = { report, observedGeneration, offer };
      controller.enqueue(KEY);
    },
    look: () => controller.enqueue(KEY),
    run: (signal) => controller.run(signal),
  };
}
