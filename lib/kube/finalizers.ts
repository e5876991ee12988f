import type { KubeObject } from '../core/object.ts';
import { wrapError } from '../errors.ts';
import { refOf } from './addresses.ts';
import type { KubeApi } from './api.ts';
import { isNotFound } from './errors.ts';

/** Patcher is all that is needed of an API server here. */
export type Patcher = Pick<KubeApi, 'patch'>;

/** hasFinalizer tells whether an object bears a finalizer. */
export function hasFinalizer({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.finalizers?.includes(finalizer) ?? false;
}

/**
 * addFinalizer puts a finalizer on and gives the object as it is then; no request when it is there, or can't
 * be set any more because the object is being deleted. Fails with 409 when somebody wrote meanwhile: a list
 * is replaced as a whole.
 */
export async function addFinalizer(
  api: Patcher,
  object: KubeObject,
  finalizer: string,
): Promise<KubeObject> {
  const { finalizers = [], deletionTimestamp } = object.metadata;
  if (hasFinalizer(object, finalizer) || deletionTimestamp !== undefined) return object;
  return replaceFinalizers(api, object, [...finalizers, finalizer]);
}

/**
 * removeFinalizer takes a finalizer off; no request when it is not there. An object that is gone needs no
 * change any more; another one of the same name is not touched.
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
): Promise<KubeObject> {
  const { uid, resourceVersion, name } = object.metadata;
  return wrapError(
    `change the finalizers of ${object.kind} ${name}`,
    api.patch(refOf(object), { metadata: { uid, resourceVersion, finalizers } }),
  );
}
