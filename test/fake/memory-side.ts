import { mergePatch } from '../../lib/core/merge-patch.ts';
import { type KubeObject, isRecord, type Json } from '../../lib/core/object.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import { StatusError } from '../../lib/kube/errors.ts';

/** MemorySide is an API server as far as the parts of an installation ask one, for tests. */
export interface MemorySide {
  readonly api: KubeApi;
  /** Verb, kind and name of each write, in order. */
  readonly writes: string[];
  object(ref: ObjectRef): KubeObject | undefined;
}

/** The token that every ServiceAccount of a {@link MemorySide} is given: it can't be read. */
const TOKEN = { status: { token: 'token' } };

/** memorySide holds some objects. CRDs are established at once; an apply replaces what it names on top. */
export function memorySide(there: readonly KubeObject[]): MemorySide {
  const objects = new Map(there.map((object) => [idOf(refOf(object)), object]));
  const writes: string[] = [];
  function put(verb: string, object: KubeObject): Promise<KubeObject> {
    writes.push(`${verb} ${object.kind} ${object.metadata.name}`);
    const id = idOf(refOf(object));
    const uid = objects.get(id)?.metadata.uid ?? `uid-${writes.length}`;
    const conditions = [{ type: 'Established', status: 'True' }];
    const written = {
      ...object,
      metadata: { ...object.metadata, uid, resourceVersion: String(writes.length) },
      ...(object.kind === 'CustomResourceDefinition' ? { status: { conditions } } : {}),
    };
    objects.set(id, written);
    return Promise.resolve(written);
  }
  return {
    writes,
    object: (ref) => objects.get(idOf(ref)),
    api: {
      get: (ref) => Promise.resolve(objects.get(idOf(ref))),
      list: () => Promise.resolve({ resourceVersion: '', items: [] }),
      create: (object) =>
        objects.has(idOf(refOf(object)))
          ? Promise.reject(new StatusError('create', 409, { reason: 'AlreadyExists' }))
          : put('create', object),
      replace(object, { subresource } = {}) {
        const stored = objects.get(idOf(refOf(object)));
        if (subresource === undefined || stored === undefined) return put('replace', object);
        return put('replace', { ...stored, [subresource]: object[subresource] });
      },
      apply: (object) => put('apply', object),
      patch: (ref, patch) => put('patch', patched(objects.get(idOf(ref)), patch)),
      delete: (ref) => {
        writes.push(`delete ${ref.kind} ${ref.name}`);
        objects.delete(idOf(ref));
        return Promise.resolve();
      },
      watch: () => Promise.resolve(),
      raw: () => Promise.resolve(TOKEN),
    },
  };
}

function patched(object: KubeObject | undefined, patch: unknown): KubeObject {
  const [before, change] = [object, patch].map((one): unknown => JSON.parse(JSON.stringify(one)));
  if (object === undefined || !isRecord<Json>(before) || !isRecord<Json>(change)) {
    throw new StatusError('patch', 404, { reason: 'NotFound' });
  }
  return { ...object, ...Object(mergePatch(before, change)) };
}

function idOf({ kind, namespace = '', name }: ObjectRef): string {
  return `${kind}/${namespace}/${name}`;
}
