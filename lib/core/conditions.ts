import { isRecord, type KubeObject, recordIn } from './object.ts';

/** Condition contains the fields of `metav1.Condition` that are read. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly observedGeneration?: number;
}

/**
 * conditionOf returns a condition of an object. Objects of the v1beta1 contract store v1beta2 conditions in
 * `status.v1beta2.conditions` (CAPI v1.14 contract, facts/capi.md 2.2). If that field exists,
 * `status.conditions` contains the old conditions, which have the same names but another meaning.
 */
export function conditionOf(object: KubeObject | undefined, type: string): Condition | undefined {
  const status = recordIn(object, 'status');
  const { conditions } = recordIn(status, 'v1beta2') ?? status ?? {};
  return conditionsIn(conditions).find((condition) => condition.type === type);
}

/** isTrue reports whether the condition exists and is True; Unknown counts as "not yet". */
export function isTrue(object: KubeObject | undefined, type: string): boolean {
  return conditionOf(object, type)?.status === 'True';
}

/**
 * isFresh reports whether status describes the current spec: the controller has observed the latest
 * generation, and the object is not being deleted.
 */
export function isFresh(object: KubeObject): boolean {
  const { deletionTimestamp, generation } = object.metadata;
  if (deletionTimestamp !== undefined) return false;
  const seen = recordIn(object, 'status')?.['observedGeneration'];
  return generation === undefined || seen === generation;
}

function conditionsIn(list: unknown): readonly Condition[] {
  return Array.isArray(list) ? list.filter(isCondition) : [];
}

function isCondition(value: unknown): value is Condition {
  return (
    isRecord(value) && typeof value['type'] === 'string' && typeof value['status'] === 'string'
  );
}
