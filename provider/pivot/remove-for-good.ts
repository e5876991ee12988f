import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { HOLD_LABEL } from '../../lib/apis/ownership.ts';
import { hasStatus, isConflict, isNotFound } from '../../lib/kube/errors.ts';
import { titleOf } from '../core/pivot/identity.ts';

/** Answers with which webhooks and policies refuse. */
const REFUSALS = [400, 403, 422];

/** What comes off an object before it is deleted for good: nothing cleans up behind it. */
const STRIPPED = { labels: { [HOLD_LABEL]: null }, finalizers: null };

/**
 * removeForGood takes an object away without anybody cleaning up behind it: its cluster is paused, so nobody
 * does. Finalizers go first, which a provider that ignores the pause never sees as a deletion
 * (facts/capi.md 1.5). One that is gone, or was replaced, is no error. The annotations are for webhooks; an
 * object that nothing holds gets them only when one refuses.
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
    // Another object of the same name (409), or none (404): ours is gone.
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
