import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
import type { Told } from './numbers.ts';

/** stepsOf are the steps that a Pivot has done, in its order, each with the seconds that it took. */
export function stepsOf(pivot: KubeObject): readonly Told[] {
  const steps = recordIn(pivot, 'status')?.['steps'];
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: unknown) => {
    if (!isRecord(step)) return [];
    const { name, startTime, endTime } = step;
    const seconds = (Date.parse(String(endTime)) - Date.parse(String(startTime))) / 1000;
    return Number.isNaN(seconds) ? [] : [{ what: String(name), seconds }];
  });
}
