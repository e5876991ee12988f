import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { HOLD_LABEL } from '../../lib/apis/ownership.ts';
import { hasStatus, isConflict, isNotFound } from '../../lib/kube/errors.ts';
import { titleOf } from '../core/pivot/identity.ts';

/** Status codes of denials by webhooks and policies. */
const REFUSALS = [400, 403, 422];

/** Removed from an object before its final deletion, because no controller cleans up after it. */
const STRIPPED = { labels: { [HOLD_LABEL]: null }, finalizers: null };

/**
 * removeForGood deletes an object without any cleanup by controllers: its cluster is paused, so they ignore
 * it. Finalizers are removed first, so that a provider that ignores the pause never observes a deletion
 * (facts/capi.md 1.5). An object that no longer exists or was replaced is not an error. The annotations are
 * for webhooks; an object without finalizers or hold gets them only if a webhook denies the deletion.
 */
export async function removeForGood(
  api: KubeApi,
  object: KubeObject,
  annotations: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { labels = {}, finalizers = [] } = object.metadata;
  const held = finalizers.length > 0 || HOLD_LABEL in labels;
  try {
    if (held || !(await removedAtOnce(api, object))) {
      await strip(api, object, annotations);
      await remove(api, object);
    }
  } catch (error) {
    // Another object with the same name (409) or none (404): the one to delete no longer exists.
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

async function removedAtOnce(api: KubeApi, object: KubeObject): Promise<boolean> {
  try {
    await remove(api, object);
    return true;
  } catch (error) {
    if (REFUSALS.some((code) => hasStatus(error, code))) return false;
    throw error;
  }
}

async function strip(
  api: KubeApi,
  object: KubeObject,
  annotations: Readonly<Record<string, string>>,
): Promise<void> {
  const { uid = '' } = object.metadata;
  const patch = { metadata: { uid, annotations, ...STRIPPED } };
  await wrapError(`release ${titleOf(object)}`, api.patch(refOf(object), patch));
}

async function remove(api: KubeApi, object: KubeObject): Promise<void> {
  const { uid = '', deletionTimestamp } = object.metadata;
  if (deletionTimestamp !== undefined) return;
  const how = { propagationPolicy: 'Background', preconditions: { uid } } as const;
  await wrapError(`delete ${titleOf(object)}`, api.delete(refOf(object), how));
}
