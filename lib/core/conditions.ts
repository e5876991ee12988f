import { isRecord, type KubeObject, recordIn } from './object.ts';

/** Condition is a `metav1.Condition`, as far as it is read. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly observedGeneration?: number;
}

/**
 * conditionOf finds a condition of an object. Objects of the v1beta1 contract keep theirs of the
 * v1beta2 kind in `status.v1beta2.conditions` (CAPI v1.14 contract, facts/capi.md 2.2). Where these are,
 * `status.conditions` has the old ones, which mean something else under the same names.
 */
export function conditionOf(object: KubeObject | undefined, type: string): Condition | undefined {
  const status = recordIn(object, 'status');
  const { conditions } = recordIn(status, 'v1beta2') ?? status ?? {};
  return conditionsIn(conditions).find((condition) => condition.type === type);
}

/** isTrue tells whether the condition is there and True; Unknown counts as "not yet". */
export function isTrue(object: KubeObject | undefined, type: string): boolean {
  return conditionOf(object, type)?.status === 'True';
}

/**
 * isFresh tells whether status speaks about the present spec: the controller has seen the newest
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
