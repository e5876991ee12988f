import { HOLD_LABEL } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { isNotFound } from '../../lib/kube/errors.ts';
import { isHeld } from '../core/teardown/removals.ts';

/** Metadata to change; null removes a label or an annotation. */
interface MetadataChange {
  readonly labels?: Readonly<Record<string, null>>;
  readonly annotations?: Readonly<Record<string, string | null>>;
  readonly ownerReferences?: KubeObject['metadata']['ownerReferences'];
}

/**
 * changeMetadata changes exactly this object, not a newer one with the same name. Owner references are
 * replaced as a whole, so the patch needs the resourceVersion that they were read at. A deleted object
 * needs no change.
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

/** WITHOUT_HOLD removes the hold. */
export const WITHOUT_HOLD = { labels: { [HOLD_LABEL]: null } } as const;

/**
 * deleteUnheld removes the hold and deletes exactly this object. Unlike when a pivot deletes its copies,
 * finalizers are kept: their controllers clean up first and are waited for.
 */
export async function deleteUnheld(api: KubeApi, object: KubeObject): Promise<void> {
  if (isHeld(object)) await changeMetadata(api, object, WITHOUT_HOLD);
  if (object.metadata.deletionTimestamp === undefined) await deleteObject(api, object);
}

/** deleteObject deletes exactly this object; its dependents are deleted in the background. */
export async function deleteObject(api: KubeApi, object: KubeObject): Promise<void> {
  const { uid, name } = object.metadata;
  const preconditions = uid === undefined ? {} : { uid };
  const options = { propagationPolicy: 'Background', preconditions } as const;
  await wrapError(`delete ${object.kind} ${name}`, api.delete(refOf(object), options));
}
