import type { Condition } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { said } from './finding.ts';

/**
 * Conditions with negative polarity: those of Cluster API v1.14 (facts/e2e.md 8), of the Pivot, and of
 * Deployments.
 */
const NEGATIVE: ReadonlySet<string> = new Set([
  'Paused',
  'Deleting',
  'RollingOut',
  'ScalingUp',
  'ScalingDown',
  'Remediating',
  'Updating',
  'Aborted',
  'Stalled',
  'ReplicaFailure',
]);

/** Conditions that summarize other conditions of the object or of its dependents. */
const SUMMARIES: ReadonlySet<string> = new Set([
  'Available',
  'Ready',
  'Operational',
  'MachinesReady',
  'ControlPlaneMachinesReady',
  'WorkerMachinesReady',
]);

/** conditionsOf are all conditions of an object; the v1beta2 conditions if it has both. */
export function conditionsOf(object: KubeObject | undefined): readonly Condition[] {
  const status = recordIn(object, 'status');
  const { conditions } = recordIn(status, 'v1beta2') ?? status ?? {};
  return Array.isArray(conditions) ? conditions.filter(isCondition) : [];
}

function isCondition(value: unknown): value is Condition {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'status' in value &&
    typeof value.status === 'string'
  );
}

/** Milestones: False is normal before they are reached, and other conditions show what they wait for. */
const MILESTONES: ReadonlySet<string> = new Set(['Committed', 'Released']);

/** troublesOf are the unhealthy conditions of an object, in its own order. */
export function troublesOf(object: KubeObject | undefined): readonly Condition[] {
  return conditionsOf(object).filter(({ type, status, message = '' }) => {
    // CAPI v1.14 util/paused; the Cluster shows it as well.
    if (MILESTONES.has(type) || message === 'Cluster spec.paused is set to true') return false;
    return NEGATIVE.has(type) ? status === 'True' : status !== 'True';
  });
}

/**
 * detailsOf are the unhealthy conditions of an object as `Type: message`. A summary condition is left out
 * when the conditions that it summarizes are shown; conditions with the same message are grouped.
 * `isTold` filters further conditions.
 */
export function detailsOf(
  object: KubeObject | undefined,
  isTold: (type: string) => boolean = () => true,
): readonly string[] {
  const troubles = troublesOf(object).filter(({ type }) => isTold(type));
  const causes = troubles.filter(({ type }) => !SUMMARIES.has(type));
  const types = new Map<string, readonly string[]>();
  for (const condition of causes.length > 0 ? causes : troubles) {
    const text = oneLine(said(condition));
    types.set(text, [...(types.get(text) ?? []), condition.type]);
  }
  return [...types].map(([text, names]) => `${names.join(', ')}: ${text}`);
}

/** oneLine joins the lines of a message: Cluster API writes nested lists. */
export function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/^\* /, ''))
    .filter((line) => line !== '')
    .join('; ')
    .replaceAll(':; ', ': ');
}

/** describe is one sentence with the unhealthy conditions of an object; undefined when there are none. */
export function describe(object: KubeObject | undefined): string | undefined {
  const details = detailsOf(object);
  if (object === undefined || details.length === 0) return undefined;
  return `${object.kind} ${object.metadata.name ?? ''} reports ${details.join(', ')}.`;
}
