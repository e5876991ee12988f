import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../core/object.ts';
import { wrapError } from '../errors.ts';
import type { KubeApi } from '../kube/api.ts';

/**
 * Writes the complete status of an object: a PUT of `/status` with the resourceVersion of the object, which
 * fails with 409 after a concurrent write. No request if nothing changed. Returns the updated object.
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

/** The value as it would be serialized: without undefined keys. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
