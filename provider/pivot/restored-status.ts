import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { during } from '../../lib/errors.ts';
import { isNoMatch, isNotFound } from '../../lib/kube/errors.ts';
import { titleOf, uidOf } from '../core/pivot/identity.ts';
import { statusForm, statusPatch } from '../core/pivot/status-form.ts';
import { hasStatusSubresource } from '../core/pivot/verify.ts';
import type { Scope } from './scope.ts';

/** restoreStatus makes the status of a copy what it is on the source; no request when it is that already. */
export async function restoreStatus(
  { target, memory }: Scope,
  source: KubeObject,
  copy: KubeObject,
): Promise<void> {
  if (!hasStatusSubresource(source)) return;
  const wanted = statusForm(source, copy.metadata.generation ?? 1);
  const status = wanted && statusPatch(copy['status'], wanted);
  if (status === undefined) return;
  const { uid } = copy.metadata;
  const patch = target.api.patch(
    refOf(copy),
    { metadata: { uid }, status },
    { subresource: 'status' },
  );
  try {
    memory.copies.set(uidOf(source), await during(`restore status of ${titleOf(source)}`, patch));
  } catch (error) {
    // A kind may have a status without the subresource: then it was copied with the rest, or means nothing.
    if (!isNotFound(error) && !isNoMatch(error)) throw error;
  }
}
