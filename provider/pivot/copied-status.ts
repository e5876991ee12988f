import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { isNoMatch, isNotFound } from '../../lib/kube/errors.ts';
import { hasManagers, restoredManagers } from '../core/pivot/copy-form.ts';
import { titleOf } from '../core/pivot/identity.ts';
import { statusForm, statusPatch } from '../core/pivot/status-form.ts';
import { hasStatusSubresource } from '../core/pivot/verify.ts';
import type { Scope } from './scope.ts';

/**
 * copyStatus sets the status of a copy to that of the source and restores the field managers, in one
 * request if the server accepts both; without a request if nothing differs. Returns the updated copy.
 */
export async function copyStatus(
  scope: Scope,
  source: KubeObject,
  copy: KubeObject,
): Promise<KubeObject> {
  const restored = await withStatus(scope, source, copy);
  await copyManagers(scope, source, restored);
  return restored;
}

async function withStatus(
  { target }: Scope,
  source: KubeObject,
  copy: KubeObject,
): Promise<KubeObject> {
  const status = missingStatus(source, copy);
  if (status === undefined) return copy;
  const managedFields = missingManagers(source, copy);
  const { uid } = copy.metadata;
  const metadata = { uid, ...(managedFields === undefined ? {} : { managedFields }) };
  const patch = target.api.patch(refOf(copy), { metadata, status }, { subresource: 'status' });
  try {
    return await wrapError(`restore status of ${titleOf(source)}`, patch);
  } catch (error) {
    // A kind may have a status without the subresource: then it was copied with the rest, or has no
    // meaning.
    if (!isNotFound(error) && !isNoMatch(error)) throw error;
    return copy;
  }
}

function missingStatus(source: KubeObject, copy: KubeObject): ReturnType<typeof statusPatch> {
  if (!hasStatusSubresource(source)) return undefined;
  const wanted = statusForm(source, copy.metadata.generation ?? 1);
  return wanted && statusPatch(copy['status'], wanted);
}

/** copyManagers restores the field managers; only for objects with applied fields. */
export async function copyManagers(
  { target }: Scope,
  source: KubeObject,
  copy: KubeObject,
): Promise<void> {
  const managedFields = missingManagers(source, copy);
  if (managedFields === undefined) return;
  const { uid } = copy.metadata;
  await wrapError(
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
