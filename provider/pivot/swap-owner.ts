import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject, OwnerReference } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { hasStatus, isConflict } from '../../lib/kube/errors.ts';
import { titleOf } from '../core/pivot/identity.ts';
import { controlledBy, swapPatch } from '../core/pivot/release.ts';

const TRIES = 5;
const PAUSE_MS = 50;

/** swapOwner replaces one owner with another on the current state of the object. */
export async function swapOwner(
  api: KubeApi,
  object: KubeObject,
  [from, to]: readonly [from: OwnerReference, to: OwnerReference],
): Promise<void> {
  let current: KubeObject | undefined = object;
  for (let tries = 1; current !== undefined; tries += 1) {
    if (controlledBy([current], from).length === 0) return;
    try {
      const patch = swapPatch(current, from, to);
      // oxlint-disable-next-line no-await-in-loop -- each try depends on the result of the last one
      await wrapError(`change the owner of ${titleOf(object)}`, api.patch(refOf(object), patch));
      return;
    } catch (error) {
      // A failed test of a JSON patch returns 422.
      const changed = isConflict(error) || hasStatus(error, 422);
      if (!changed || tries === TRIES) throw error;
      // oxlint-disable-next-line no-await-in-loop -- see above
      await sleep(PAUSE_MS);
      // oxlint-disable-next-line no-await-in-loop -- see above
      current = await api.get(refOf(object));
    }
  }
}
