import type { ClusterPlan } from '../lib/apis/cluster-plan.generated.ts';
import { metaTime } from '../lib/core/time.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import type { Logger } from '../lib/log.ts';
import { createController, type Controller, type Result } from '../lib/reconcile/controller.ts';
import type { Lineage } from './core/plan-lineage.ts';
import type { Offer, Report } from './core/report.ts';
import { statusOf } from './core/status.ts';
import { StatusWriter } from './status-writer.ts';

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
  /** Reads the plan anew. */
  readonly again: () => void;
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
  const { plan, side, isHeard, agentVersion, again, log } = options;
  const writer = new StatusWriter(api, { side, again, log });
  let said: Said | undefined;
  let offered: string | undefined;

  async function write(): Promise<Result> {
    const present = plan();
    if (said === undefined || present === undefined || !isHeard()) return {};
    const lineage = lineageFor(present, said);
    const rest = writer.writtenAt + SPACING_MS - performance.now();
    // A new offer is not kept waiting; the same one again is a report like any other.
    if (rest > 0 && (lineage === undefined || lineage.head === offered)) {
      return { requeueAfterMs: rest };
    }
    offered = lineage?.head ?? offered;
    const { report, observedGeneration } = said;
    const speaker = { agentVersion, observedGeneration, now: metaTime(new Date()), lineage };
    const status = statusOf(present.status, report, speaker);
    return status === undefined ? {} : writer.write(present, status);
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
