import { type KubeObject, isRecord, recordIn } from '../../../lib/core/object.ts';

/** PivotStep is one step of the protocol, as reported in the status of the Pivot. */
export interface PivotStep {
  readonly name: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly message?: string;
}

/** stepsOf are the steps that have started, in their order. */
export function stepsOf(pivot: KubeObject | undefined): readonly PivotStep[] {
  const steps: unknown = recordIn(pivot, 'status')?.['steps'];
  if (!Array.isArray(steps)) return [];
  return steps.filter(isRecord).map((step) => ({
    name: String(step['name']),
    ...textField(step, 'startTime'),
    ...textField(step, 'endTime'),
    ...textField(step, 'message'),
  }));
}

function textField(record: Readonly<Record<string, unknown>>, field: string): object {
  const value = record[field];
  return typeof value === 'string' && value !== '' ? { [field]: value } : {};
}

/** currentStep is the step in progress. */
export function currentStep(pivot: KubeObject | undefined): PivotStep | undefined {
  return stepsOf(pivot).find(
    ({ startTime, endTime }) => startTime !== undefined && endTime === undefined,
  );
}
