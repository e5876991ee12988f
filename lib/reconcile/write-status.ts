import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../core/object.ts';
import { wrapError } from '../errors.ts';
import type { KubeApi } from '../kube/api.ts';

/**
 * Writes the whole status of an object: a PUT of `/status` with the resourceVersion of the object, so
 * that it fails with 409 when somebody wrote meanwhile. No request when nothing changes. Gives the
 * object as it is then.
 */
export async function writeStatus(
  api: KubeApi,
  object: KubeObject,
  status: Readonly<Record<string, unknown>>,
): Promise<KubeObject> {
  const { kind, metadata } = object;
  const name = [metadata.namespace, metadata.name].filter(Boolean).join('/');
  if (metadata.resourceVersion === undefined) {
    throw new Error(
      `cannot write the status of ${kind} ${name}: it has no resourceVersion; read it first`,
    );
  }
  if (isDeepStrictEqual(plain(object['status'] ?? {}), plain(status))) return object;
  return wrapError(
    `write the status of ${kind} ${name}`,
    api.replace({ ...object, status }, { subresource: 'status' }),
  );
}

/** As it would travel: a key that is undefined is not there. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
