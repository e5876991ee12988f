import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { messageOf } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { hasStatus, isConflict } from '../../lib/kube/errors.ts';
import { nameOfObject } from '../core/finding.ts';
import { refText } from '../core/revocation.ts';
import { REVOCATION_MANAGER } from '../core/revocation-help.ts';
import { objectIn, saysRevoked, type Standing } from '../core/standing.ts';

/**
 * setRevoked sets the field of a claim or a namespaced composite, of exactly the object that was read. Returns why it was
 * refused.
 */
export async function setRevoked(
  api: KubeApi,
  head: KubeObject,
  revoked: boolean,
): Promise<string | undefined> {
  if (saysRevoked(head) === revoked) return undefined;
  return attempt(`set spec.agent.revoked of ${nameOfObject(head)}`, () =>
    patchByUid(api, head, { agent: { revoked } }),
  );
}

/**
 * cutNow does the part of Crossplane and of the provider with the caller's permissions. The AgentInstallation first: one
 * of both may run without the other, and would make the identity again. Returns what was refused.
 */
export async function cutNow(
  api: KubeApi,
  { installation, identity = [] }: Standing,
): Promise<readonly string[]> {
  const made = objectIn(installation);
  const kept =
    made === undefined || saysRevoked(made)
      ? undefined
      : await attempt(`set spec.revoked of ${nameOfObject(made)}`, () =>
          patchByUid(api, made, { revoked: true }),
        );
  const refused = await Promise.all(
    identity.map(async ({ ref, look }) => {
      const object = objectIn(look);
      if (object === undefined) return undefined;
      return attempt(`delete ${refText(ref)}`, () => deleteByUid(api, object));
    }),
  );
  return [kept, ...refused].filter((problem) => problem !== undefined);
}

/**
 * takeBack removes what {@link cutNow} wrote into the AgentInstallation: Crossplane removes only what it has applied
 * itself, so the agent would stay revoked.
 */
export async function takeBack(
  api: KubeApi,
  { installation }: Standing,
): Promise<readonly string[]> {
  const made = objectIn(installation);
  if (made === undefined || !isCutByUs(made)) return [];
  const problem = await attempt(`remove spec.revoked of ${nameOfObject(made)}`, () =>
    patchByUid(api, made, { revoked: null }),
  );
  return problem === undefined ? [] : [problem];
}

function isCutByUs({ metadata: { managedFields = [] } }: KubeObject): boolean {
  return managedFields.some(
    ({ manager, fieldsV1 }) =>
      manager === REVOCATION_MANAGER && recordIn(fieldsV1, 'f:spec')?.['f:revoked'] !== undefined,
  );
}

async function patchByUid(api: KubeApi, object: KubeObject, spec: object): Promise<void> {
  const { uid } = object.metadata;
  await api.patch(refOf(object), { metadata: { uid }, spec }, { fieldManager: REVOCATION_MANAGER });
}

async function deleteByUid(api: KubeApi, object: KubeObject): Promise<void> {
  const { uid } = object.metadata;
  if (uid === undefined) throw new Error('it has no uid');
  await api.delete(refOf(object), { preconditions: { uid } });
}

/** Why it did not work; undefined if it did. */
async function attempt(what: string, work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (isConflict(error))
      return `cannot ${what}: another object has its name now, or it changes too often; run this again`;
    const hint = hasStatus(error, 403) ? 'you have no permission: ' : '';
    return `cannot ${what}: ${hint}${messageOf(error)}`;
  }
}
