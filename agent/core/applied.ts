import { canonicalJson, contentHash } from '../../lib/core/hash.ts';
import type { Json, KubeObject } from '../../lib/core/object.ts';
import { covers } from '../../lib/core/subset.ts';

/** APPLIED_ANNOTATION is on every object that the agent applies: the hash of what it applied. */
export const APPLIED_ANNOTATION = 'managedcluster.io/applied';

/**
 * toApply is what has to be applied so that an object is as desired (and {@link marked}), or undefined
 * when it is so already. The annotation tells of fields that are no longer sent; what stands in the
 * object tells of others who wrote into it. The resourceVersion of what was looked at makes the write
 * fail when the object has changed since, for example because a pivot has fenced it.
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

/** marked is an object with the hash of its content in {@link APPLIED_ANNOTATION}. */
export function marked(desired: KubeObject): KubeObject {
  const { metadata } = desired;
  const hash = contentHash(jsonOf(desired));
  const annotations = { ...metadata.annotations, [APPLIED_ANNOTATION]: hash };
  return { ...desired, metadata: { ...metadata, annotations } };
}

/** jsonOf is an object as it travels; objects of ours are JSON but for their type. */
export function jsonOf(value: unknown): Json {
  const json: Json = JSON.parse(JSON.stringify(value ?? null));
  return json;
}

/** sameJson tells whether two values travel as the same JSON, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  return canonicalJson(jsonOf(a)) === canonicalJson(jsonOf(b));
}
