import { COMPOSITE_UID_ANNOTATION } from '../lib/apis/ownership.ts';
import type { KubeObject } from '../lib/core/object.ts';
import { covers } from '../lib/core/subset.ts';
import { causesOf, wrapError } from '../lib/errors.ts';
import { refOf } from '../lib/kube/addresses.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { isConflict } from '../lib/kube/errors.ts';

/** NameTakenError says that an object that the provider did not create has the name of one of its objects. */
export class NameTakenError extends Error {
  override readonly name = 'NameTakenError';

  constructor({ kind, metadata: { namespace, name } }: KubeObject) {
    super(
      `${kind} ${namespace}/${name} already exists and was not created for this cluster, so it is neither changed nor used: delete or rename it`,
    );
  }
}

/** nameTakenIn returns the {@link NameTakenError} in the causes of an error; undefined if there is none. */
export function nameTakenIn(error: unknown): NameTakenError | undefined {
  return causesOf(error).find((cause) => cause instanceof NameTakenError);
}

/** isStampedLike reports whether an object has the stamp of the wanted one: its name alone proves nothing. */
export function isStampedLike(found: KubeObject, wanted: KubeObject): boolean {
  const stamp = wanted.metadata.annotations?.[COMPOSITE_UID_ANNOTATION];
  return stamp !== undefined && found.metadata.annotations?.[COMPOSITE_UID_ANNOTATION] === stamp;
}

/**
 * ensureStamped creates an object with a stamp (COMPOSITE_UID_ANNOTATION), or changes the one that has the same name
 * and stamp; without a difference it writes nothing. Fails with {@link NameTakenError} if another object has the name.
 */
export async function ensureStamped(
  api: KubeApi,
  wanted: KubeObject,
  fieldManager: string,
): Promise<KubeObject> {
  const { kind, metadata } = wanted;
  const what = `write ${kind} ${metadata.namespace}/${metadata.name}`;
  return wrapError(what, written(api, wanted, fieldManager));
}

async function written(
  api: KubeApi,
  wanted: KubeObject,
  fieldManager: string,
): Promise<KubeObject> {
  const found = await api.get(refOf(wanted));
  if (found === undefined) return created(api, wanted, fieldManager);
  if (!isStampedLike(found, wanted)) throw new NameTakenError(found);
  if (covers(found, wanted)) return found;
  // Exactly the object that was looked at: another one may have taken its name since.
  const { resourceVersion } = found.metadata;
  const metadata = {
    ...wanted.metadata,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  return api.apply({ ...wanted, metadata }, { fieldManager, force: true });
}

/** A server-side apply would take over an object that somebody has created since it was looked for. */
async function created(
  api: KubeApi,
  wanted: KubeObject,
  fieldManager: string,
): Promise<KubeObject> {
  try {
    return await api.create(wanted, { fieldManager });
  } catch (error) {
    const found = isConflict(error) ? await api.get(refOf(wanted)) : undefined;
    if (found !== undefined && !isStampedLike(found, wanted)) throw new NameTakenError(found);
    throw error;
  }
}

/** deleteStamped deletes the object that has the name and the stamp of the given one; another one is kept. */
export async function deleteStamped(api: KubeApi, object: KubeObject): Promise<void> {
  const found = await api.get(refOf(object));
  if (found === undefined || !isStampedLike(found, object)) return;
  const { uid } = found.metadata;
  await api.delete(refOf(object), { preconditions: uid === undefined ? {} : { uid } });
}
