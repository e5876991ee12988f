import type { KubeObject } from '../../lib/core/object.ts';
import { during } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { isNoMatch, isNotFound } from '../../lib/kube/errors.ts';
import { hasManagers, restoredManagers } from '../core/pivot/copy-form.ts';
import { titleOf, uidOf } from '../core/pivot/identity.ts';
import { statusForm, statusPatch } from '../core/pivot/status-form.ts';
import { hasStatusSubresource } from '../core/pivot/verify.ts';
import type { Scope } from './scope.ts';

/**
 * restoreStatus makes the status of a copy what it is on the source, and gives back who applied what, in
 * one request where the server takes both; no request when all is there already.
 */
export async function restoreStatus(
  scope: Scope,
  source: KubeObject,
  copy: KubeObject,
): Promise<void> {
  const managedFields = missingManagers(source, copy);
  const status = missingStatus(source, copy);
  if (status === undefined) return restoreManagers(scope, source, copy);
  const { uid } = copy.metadata;
  const metadata = { uid, ...(managedFields === undefined ? {} : { managedFields }) };
  const patch = scope.target.api.patch(
    refOf(copy),
    { metadata, status },
    { subresource: 'status' },
  );
  try {
    const restored = await during(`restore status of ${titleOf(source)}`, patch);
    scope.memory.copies.set(uidOf(source), restored);
    await restoreManagers(scope, source, restored);
  } catch (error) {
    // A kind may have a status without the subresource: then it was copied with the rest, or means nothing.
    if (!isNotFound(error) && !isNoMatch(error)) throw error;
    await restoreManagers(scope, source, copy);
  }
}

function missingStatus(source: KubeObject, copy: KubeObject): ReturnType<typeof statusPatch> {
  if (!hasStatusSubresource(source)) return undefined;
  const wanted = statusForm(source, copy.metadata.generation ?? 1);
  return wanted && statusPatch(copy['status'], wanted);
}

/** restoreManagers gives back who applied what; only for objects that somebody applied. */
export async function restoreManagers(
  { target }: Scope,
  source: KubeObject,
  copy: KubeObject,
): Promise<void> {
  const managedFields = missingManagers(source, copy);
  if (managedFields === undefined) return;
  const { uid } = copy.metadata;
  await during(
    `restore the field managers of ${titleOf(source)}`,
    target.api.patch(refOf(copy), { metadata: { uid, managedFields } }),
  );
}

function missingManagers(
  source: KubeObject,
  copy: KubeObject,
): ReturnType<typeof restoredManagers> {
  const wanted = restoredManagers(source);
  return wanted === undefined || hasManagers(copy, wanted) ? undefined : wanted;
}
