import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { messageOf } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { hasStatus, isConflict } from '../../lib/kube/errors.ts';
import { nameOfObject } from '../core/finding.ts';
import { refText } from '../core/revocation.ts';
import { REVOCATION_MANAGER } from '../core/revocation-help.ts';
import { objectIn, saysRevoked, type Standing } from '../core/standing.ts';

/** Attempt is a write that was tried. */
export interface Attempt {
  readonly what: string;
  /** Why it did not work; absent if it did. */
  readonly problem?: string;
  /** It does not work by itself later either: the caller may not do it, or the server does not accept it. */
  readonly refused?: boolean;
}

/** setRevoked sets the field of a claim or a namespaced composite, of exactly the object that was read. */
export async function setRevoked(
  api: KubeApi,
  head: KubeObject,
  revoked: boolean,
): Promise<readonly Attempt[]> {
  if (saysRevoked(head) === revoked) return [];
  const what = `set spec.agent.revoked of ${nameOfObject(head)}`;
  return [await attempt(what, () => patchByUid(api, head, { agent: { revoked } }))];
}

/**
 * cutNow does the part of Crossplane and of the provider with the caller's permissions. The AgentInstallation first: one
 * of both may run without the other, and would make the identity again.
 */
export async function cutNow(
  api: KubeApi,
  { installation, identity = [] }: Standing,
): Promise<readonly Attempt[]> {
  const made = objectIn(installation);
  const kept =
    made === undefined || saysRevoked(made)
      ? []
      : [
          await attempt(`set spec.revoked of ${nameOfObject(made)}`, () =>
            patchByUid(api, made, { revoked: true }),
          ),
        ];
  const deleted = await Promise.all(
    identity.flatMap(({ ref, look }) => {
      const object = objectIn(look);
      return object === undefined
        ? []
        : [attempt(`delete ${refText(ref)}`, () => deleteByUid(api, object))];
    }),
  );
  return [...kept, ...deleted];
}

/**
 * takeBack removes what {@link cutNow} wrote into the AgentInstallation: Crossplane removes only what it has applied
 * itself, so the agent would stay revoked.
 */
export async function takeBack(
  api: KubeApi,
  { installation }: Standing,
): Promise<readonly Attempt[]> {
  const made = objectIn(installation);
  if (made === undefined || !isCutByUs(made)) return [];
  const what = `remove spec.revoked of ${nameOfObject(made)}`;
  return [await attempt(what, () => patchByUid(api, made, { revoked: null }))];
}

/**
 * failedOf returns the writes that have not worked so far. One that was refused stays, also when it is not needed any
 * more; another failure counts only until the next look.
 */
export function failedOf(
  before: readonly Attempt[],
  tried: readonly Attempt[],
): readonly Attempt[] {
  const again = new Set(tried.map(({ what }) => what));
  return [
    ...before.filter(({ what, refused = false }) => refused && !again.has(what)),
    ...tried.filter(({ problem }) => problem !== undefined),
  ];
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

async function attempt(what: string, work: () => Promise<void>): Promise<Attempt> {
  try {
    await work();
    return { what };
  } catch (error) {
    const refused = hasStatus(error, 403) || hasStatus(error, 422);
    return { what, problem: `cannot ${what}: ${whyNot(error)}`, refused };
  }
}

function whyNot(error: unknown): string {
  if (isConflict(error))
    return 'another object has its name now, or it changes too often; run this again';
  const hint = hasStatus(error, 403) ? 'you have no permission: ' : '';
  return `${hint}${messageOf(error)}`;
}
