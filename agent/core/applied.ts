import { canonicalJson, contentHash } from '../../lib/core/hash.ts';
import type { Json, KubeObject } from '../../lib/core/object.ts';
import { covers } from '../../lib/core/subset.ts';

/** APPLIED_ANNOTATION on every object that the agent applies has the hash of the applied content. */
export const APPLIED_ANNOTATION = 'managedcluster.io/applied';

/**
 * toApply is the object to apply to reach the desired state (and {@link marked}), or undefined when the
 * object has it already. The annotation detects fields that are no longer sent; the content of the object
 * detects changes by others. The write has the observed resourceVersion, so that it fails when the object
 * has changed since, for example because a pivot has fenced it.
 */
export function toApply(
  desired: KubeObject,
  observed: KubeObject | undefined,
): KubeObject | undefined {
  if (observed === undefined) return desired;
  if (covers(observed, desired)) return undefined;
  const { resourceVersion } = observed.metadata;
  return {
    ...desired,
    metadata: {
      ...desired.metadata,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
  };
}

/** marked adds the hash of an object's content as {@link APPLIED_ANNOTATION}. */
export function marked(desired: KubeObject): KubeObject {
  const { metadata } = desired;
  const hash = contentHash(jsonOf(desired));
  const annotations = { ...metadata.annotations, [APPLIED_ANNOTATION]: hash };
  return { ...desired, metadata: { ...metadata, annotations } };
}

/** jsonOf is an object as JSON; our objects are JSON except for their type. */
export function jsonOf(value: unknown): Json {
  const json: Json = JSON.parse(JSON.stringify(value ?? null));
  return json;
}

/** sameJson reports whether two values are the same JSON, regardless of the order of keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  return canonicalJson(jsonOf(a)) === canonicalJson(jsonOf(b));
}
