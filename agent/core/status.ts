import type { ClusterPlanStatus } from '../../lib/apis/cluster-plan.generated.ts';
import type { PlanReason } from '../../lib/apis/reasons/cluster-plan.ts';
import { isRecord } from '../../lib/core/object.ts';
import type { Condition } from '../../lib/core/conditions.ts';
import { setCondition, type NextCondition } from '../../lib/core/set-condition.ts';
import { sameJson } from './applied.ts';
import { type Lineage, lineageIn } from './plan-lineage.ts';
import type { Report } from './report.ts';

/** Speaker identifies the agent and the plan of a report. */
export interface Speaker {
  readonly agentVersion: string;
  /** Generation of the plan on the management side that the agent follows; undefined when unknown. */
  readonly observedGeneration: number | undefined;
  /** RFC 3339. */
  readonly now: string;
  /** The lineage to write; without it that of the present status stays. */
  readonly lineage?: Lineage | undefined;
}

/** CONNECTED is set by the agent; the provider sets AgentSilent. */
export const CONNECTED: NextCondition<PlanReason> = {
  type: 'AgentConnected',
  status: 'True',
  reason: 'HeartbeatReceived',
  message: 'The agent reports and renews its Lease',
};

/**
 * statusOf is the status of a plan with a report, or undefined when it is unchanged: lastReportTime alone
 * is no reason to write.
 */
export function statusOf(
  present: unknown,
  report: Report,
  { agentVersion, observedGeneration, now, lineage }: Speaker,
): ClusterPlanStatus | undefined {
  const { lastReportTime: _time, ...last } = isRecord(present) ? present : {};
  const generation = observedGeneration === undefined ? {} : { observedGeneration };
  const conditions = report.conditions.reduce(
    (all, next) => setCondition(all, { ...next, ...generation }, now),
    conditionsIn(last['conditions']),
  );
  const kept = lineage ?? lineageIn(last);
  const next = {
    ...generation,
    agentVersion,
    ...(kept === undefined ? {} : { lineage: kept }),
    ...report.status,
    conditions,
  };
  if (sameJson(last, next)) return undefined;
  return { ...next, lastReportTime: now, conditions: conditions.map(complete) };
}

function conditionsIn(value: unknown): readonly Condition[] {
  return Array.isArray(value) ? value.filter(isCondition) : [];
}

function isCondition(value: unknown): value is Condition {
  return (
    isRecord(value) && typeof value['type'] === 'string' && typeof value['status'] === 'string'
  );
}

type Reported = NonNullable<ClusterPlanStatus['conditions']>[number];

function complete({
  status,
  reason = 'Unknown',
  lastTransitionTime = '',
  ...rest
}: Condition): Reported {
  const known = status === 'True' || status === 'False' ? status : 'Unknown';
  return { ...rest, status: known, reason, lastTransitionTime };
}
