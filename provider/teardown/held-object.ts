import { HOLD_LABEL } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { isNotFound } from '../../lib/kube/errors.ts';
import { isHeld } from '../core/teardown/removals.ts';

/** Metadata that is to change; null takes a label or an annotation away. */
interface MetadataChange {
  readonly labels?: Readonly<Record<string, null>>;
  readonly annotations?: Readonly<Record<string, string | null>>;
  readonly ownerReferences?: KubeObject['metadata']['ownerReferences'];
}

/**
 * changeMetadata changes exactly this object: not another one of the same name that came after it.
 * Owners are replaced as a whole, so they need the resourceVersion that they were read at. An object that
 * is gone needs no change any more.
 */
export async function changeMetadata(
  api: KubeApi,
  object: KubeObject,
  change: MetadataChange,
): Promise<void> {
  const { uid, resourceVersion } = object.metadata;
  const replaces = change.ownerReferences !== undefined;
  const metadata = { ...change, uid, ...(replaces ? { resourceVersion } : {}) };
  const what = `change the metadata of ${object.kind} ${object.metadata.name}`;
  try {
    await wrapError(what, api.patch(refOf(object), { metadata }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** WITHOUT_HOLD takes the hold off. */
export const WITHOUT_HOLD = { labels: { [HOLD_LABEL]: null } } as const;

/**
 * deleteUnheld takes the hold off and deletes exactly this object. Its finalizers stay, unlike where a pivot
 * removes a copy that it made: whoever set them cleans up first, and is waited for.
 */
export async function deleteUnheld(api: KubeApi, object: KubeObject): Promise<void> {
  if (isHeld(object)) await changeMetadata(api, object, WITHOUT_HOLD);
  if (object.metadata.deletionTimestamp === undefined) await deleteObject(api, object);
}

/** deleteObject deletes exactly this object; what hangs on it goes afterwards. */
export async function deleteObject(api: KubeApi, object: KubeObject): Promise<void> {
  const { uid, name } = object.metadata;
  const preconditions = uid === undefined ? {} : { uid };
  const options = { propagationPolicy: 'Background', preconditions } as const;
  await wrapError(`delete ${object.kind} ${name}`, api.delete(refOf(object), options));
}
