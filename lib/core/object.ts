/** Json is any value that survives a JSON round trip. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** JsonObject is an object of JSON values; a key that is undefined counts as absent. */
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

/** ObjectMeta holds the fields of `metav1.ObjectMeta` that our code reads or writes. */
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
 * KubeObject is a Kubernetes object as plain JSON. Objects travel raw through the whole product, so
 * that no field is lost to a type (facts/style.md 5: typed clients drop what they do not know).
 */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}
