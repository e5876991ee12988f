import type {
  MovedStatus,
  PivotStatus,
  SkippedStatus,
  StepStatus,
} from '../../../lib/apis/pivot.generated.ts';
import type { JsonObject } from '../../../lib/core/object.ts';
import { cutText } from '../../../lib/core/reported.ts';
import { setCondition, type NextCondition } from '../../../lib/core/set-condition.ts';
import { journalJson, journalOf, type Journal } from './journal.ts';

/** StepMark is one transition of a step. */
export interface StepMark {
  readonly name: string;
  readonly state: 'Begun' | 'Waiting' | 'Ended';
  readonly message?: string;
}

/** StatusChange is a change to the status of a Pivot. */
export interface StatusChange {
  readonly phase?: string;
  readonly epoch?: number;
  readonly conditions?: readonly NextCondition[];
  readonly steps?: readonly StepMark[];
  readonly moved?: readonly MovedStatus[];
  readonly skipped?: readonly SkippedStatus[];
  readonly unmanagedMilliseconds?: number;
  readonly journal?: Partial<Journal>;
  /** Start a new list of steps. */
  readonly freshSteps?: boolean;
}

/** Limits of the CRD (lib/apis/schema/managed.ts). */
const LONGEST_MESSAGE = 1024;

/** LONGEST_LIST is the maximum number of objects that a Pivot can list (lib/apis/schema/managed.ts). */
export const LONGEST_LIST = 5000;

/** changedStatus returns the status with a change applied; `now` is RFC 3339. */
export function changedStatus(status: PivotStatus, change: StatusChange, now: string): PivotStatus {
  const { phase, epoch, moved, skipped, unmanagedMilliseconds: ms, journal } = change;
  return {
    ...status,
    ...(phase === undefined ? {} : { phase }),
    ...(epoch === undefined ? {} : { epoch }),
    conditions: [...conditionsAfter(status, change, now)],
    steps: stepsAfter(status, change, now),
    ...(moved === undefined ? {} : { moved: moved.slice(0, LONGEST_LIST) }),
    ...(skipped === undefined ? {} : { skipped: skipped.slice(0, LONGEST_LIST) }),
    ...(ms === undefined
      ? {}
      : { unmanagedMilliseconds: ms, unmanagedSeconds: Math.ceil(ms / 1000) }),
    ...(journal === undefined ? {} : { journal: journalAfter(status, journal) }),
  };
}

function journalAfter(status: PivotStatus, change: Partial<Journal>): JsonObject {
  return journalJson({ ...journalOf(status), ...change });
}

function conditionsAfter(
  { conditions = [] }: PivotStatus,
  change: StatusChange,
  now: string,
): NonNullable<PivotStatus['conditions']> {
  let all: ReturnType<typeof setCondition> = conditions;
  for (const next of change.conditions ?? []) {
    all = setCondition(all, { ...next, message: shortened(next.message) }, now);
  }
  return all.map(({ type, status, reason, message, observedGeneration, lastTransitionTime }) => ({
    type,
    status: status === 'True' || status === 'False' ? status : 'Unknown',
    reason: reason ?? '',
    ...(message === undefined ? {} : { message }),
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    lastTransitionTime: lastTransitionTime ?? now,
  }));
}

function stepsAfter(
  { steps = [] }: PivotStatus,
  { steps: marks = [], freshSteps = false }: StatusChange,
  now: string,
): readonly StepStatus[] {
  let all: readonly StepStatus[] = freshSteps ? [] : steps;
  for (const mark of marks) {
    const before = all.find(({ name }) => name === mark.name);
    const step = stepAfter(before, mark, now);
    all = before === undefined ? [...all, step] : all.map((one) => (one === before ? step : one));
  }
  return all;
}

/** A finished step keeps its times: checking it again does not run it again. */
function stepAfter(before: StepStatus | undefined, mark: StepMark, now: string): StepStatus {
  if (before?.endTime !== undefined) return before;
  const { name, message } = mark;
  const startTime = before?.startTime ?? now;
  if (mark.state === 'Ended') return { name, startTime, endTime: now };
  return { name, startTime, ...(message === undefined ? {} : { message: shortened(message) }) };
}

function shortened(message: string): string {
  return cutText(message, LONGEST_MESSAGE);
}
