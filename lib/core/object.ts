/** Json is any value that JSON can represent. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** JsonObject is an object of JSON values; an undefined value counts as absent. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** OwnerReference as in `metav1.OwnerReference`. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** ObjectMeta holds the fields of `metav1.ObjectMeta` that this project reads or writes. */
export interface ObjectMeta {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** ManagedFieldsEntry as in `metav1.ManagedFieldsEntry`: which fields a manager last applied. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly fieldsV1?: JsonObject;
}

/**
 * KubeObject is a Kubernetes object as plain JSON. Objects are passed as raw JSON everywhere, so that no
 * unknown field is lost (facts/style.md 5: typed clients drop what they do not know).
 */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/**
 * isRecord reports whether a value is an object and not a list, scalar or null. Use `isRecord<Json>` for
 * parsed JSON, which contains only JSON values.
 */
export function isRecord<Value = unknown>(
  value: unknown,
): value is Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** recordIn reads a field that contains an object; any other value counts as absent. */
export function recordIn(
  value: unknown,
  field: string,
): Readonly<Record<string, unknown>> | undefined {
  const found = isRecord(value) ? value[field] : undefined;
  return isRecord(found) ? found : undefined;
}

/** groupOf returns the API group of an apiVersion; '' for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** isKubeObject reports whether a value from a document or response is a Kubernetes object. */
export function isKubeObject(value: unknown): value is KubeObject {
  return (
    isRecord(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isRecord(value['metadata'])
  );
}
