import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi, ListOptions, ObjectRef, TypeRef } from '../../lib/kube/api.ts';
import { hasStatus, isNoMatch, isUnreachable } from '../../lib/kube/errors.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Unread } from '../core/snapshot.ts';

/** Reader reads what it has access to, and records what it cannot read instead of failing. */
export interface Reader {
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  list(type: TypeRef, options?: ListOptions): Promise<readonly KubeObject[]>;
  /** Kinds that could not be read so far. */
  unread(): readonly Unread[];
  readonly api: KubeApi;
}

/**
 * readerOf reads through a port. A forbidden or unserved kind is recorded once; an unreachable API server
 * is an error.
 */
export function readerOf(api: KubeApi): Reader {
  const unread = new Map<string, Unread>();

  async function attempt<Result>(
    { kind }: TypeRef,
    nothing: Result,
    read: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await read();
    } catch (error) {
      if (isUnreachable(error) || hasStatus(error, 401)) throw error;
      unread.set(kind, { kind, why: whyOf(error) });
      return nothing;
    }
  }

  return {
    get: (ref) => attempt(ref, undefined, () => api.get(ref)),
    list: (type, options) => attempt(type, [], async () => (await api.list(type, options)).items),
    unread: () => [...unread.values()],
    api,
  };
}

/** whyOf is why something could not be read, in a few words. */
export function whyOf(error: unknown): string {
  if (hasStatus(error, 403)) return 'not readable with your permissions';
  if (isNoMatch(error)) return 'not served, the CRD is not installed';
  return messageOf(error);
}
