import type { KubeObject } from '../core/object.ts';
import { covers } from '../core/subset.ts';
import { wrapError } from '../errors.ts';
import { refOf } from './addresses.ts';
import type { KubeApi } from './api.ts';
import { isNotFound } from './errors.ts';

/** Patcher is the part of the API that finalizers need. */
export type Patcher = Pick<KubeApi, 'patch'>;

/** hasFinalizer reports whether an object has a finalizer. */
export function hasFinalizer({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.finalizers?.includes(finalizer) ?? false;
}

/**
 * addFinalizer adds a finalizer, and annotations with it, and returns the updated object. It sends no request if the finalizer
 * exists and the annotations too, or cannot be added because the object is being deleted. Fails with 409 after a concurrent write,
 * because a list is replaced as a whole.
 */
export async function addFinalizer(
  api: Patcher,
  object: KubeObject,
  finalizer: string,
  annotations: Readonly<Record<string, string>> = {},
): Promise<KubeObject> {
  const { finalizers = [], deletionTimestamp } = object.metadata;
  const has = hasFinalizer(object, finalizer);
  const isMarked = covers(object.metadata.annotations ?? {}, annotations);
  if ((has && isMarked) || deletionTimestamp !== undefined) return object;
  const wanted = has ? finalizers : [...finalizers, finalizer];
  return replaceFinalizers(api, object, wanted, annotations);
}

/**
 * removeFinalizer removes a finalizer; no request if the object does not have it. An object that no longer
 * exists needs no change; a new object with the same name is not changed.
 */
export async function removeFinalizer(
  api: Patcher,
  object: KubeObject,
  finalizer: string,
): Promise<void> {
  if (!hasFinalizer(object, finalizer)) return;
  const { finalizers = [] } = object.metadata;
  try {
    const others = finalizers.filter((one) => one !== finalizer);
    await replaceFinalizers(api, object, others);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function replaceFinalizers(
  api: Patcher,
  object: KubeObject,
  finalizers: readonly string[],
  annotations: Readonly<Record<string, string>> = {},
): Promise<KubeObject> {
  const { uid, resourceVersion, name } = object.metadata;
  const marks = Object.keys(annotations).length === 0 ? {} : { annotations };
  return wrapError(
    `change the finalizers of ${object.kind} ${name}`,
    api.patch(refOf(object), { metadata: { uid, resourceVersion, finalizers, ...marks } }),
  );
}
