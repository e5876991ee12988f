import { mergePatch } from '../../lib/core/merge-patch.ts';
import { type KubeObject, isKubeObject } from '../../lib/core/object.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import type { Inventory } from '../core/inventory.ts';
import { jsonOf } from '../core/applied.ts';
import type { InventoryStore } from '../layers/store.ts';

/** SERVED are the kinds that are served, by version; what begins with a slash is cluster-scoped. */
export const SERVED: Readonly<Record<string, readonly string[]>> = {
  '/api/v1': [
    '/Namespace',
    '/PersistentVolume',
    'PersistentVolumeClaim',
    'ConfigMap',
    'Secret',
    'Service',
  ],
  '/apis/apiextensions.k8s.io/v1': ['/CustomResourceDefinition'],
  '/apis/storage.k8s.io/v1': ['/StorageClass'],
};

/** ApiDouble is a fake API server with the features that layers need. */
export interface ApiDouble {
  readonly api: KubeApi;
  readonly objects: Map<string, KubeObject>;
  /** Names of all that is there, sorted. */
  readonly names: () => readonly string[];
  /** One object, such as `Namespace a` or `ConfigMap a/b`. */
  readonly get: (name: string) => KubeObject | undefined;
  readonly put: (object: KubeObject) => void;
}

function keyOf({ kind, namespace, name }: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** nameOf names an object as a user would. */
export function nameOf({ kind, metadata: { namespace, name = '' } }: KubeObject): string {
  return keyOf({ kind, name, ...(namespace === undefined ? {} : { namespace }) });
}

/** apiDouble is an empty API server. */
export function apiDouble(): ApiDouble {
  const objects = new Map<string, KubeObject>();
  function put(object: KubeObject): void {
    objects.set(nameOf(object), object);
  }
  const api: KubeApi = {
    create: refuse,
    replace: refuse,
    watch: refuse,
    get: (ref) => Promise.resolve(objects.get(keyOf(ref))),
    list: ({ kind, namespace }, { labelSelector = '' } = {}) => {
      const all = [...objects.values()].filter(
        (object) => object.kind === kind && object.metadata.namespace === namespace,
      );
      const items = all.filter((object) => isSelected(object, labelSelector));
      return Promise.resolve({ resourceVersion: '1', items });
    },
    apply: (object) => {
      const applied = applyTo(objects.get(nameOf(object)), object);
      put(applied);
      return Promise.resolve(applied);
    },
    patch: (ref, patch) => {
      const before = objects.get(keyOf(ref));
      const after = mergePatch(jsonOf(before), jsonOf(patch));
      if (before === undefined || !isKubeObject(after)) return refuse();
      put(after);
      return Promise.resolve(after);
    },
    delete: (ref) => {
      objects.delete(keyOf(ref));
      return Promise.resolve();
    },
    raw: (_method, path) => Promise.resolve(servedAt(path)),
  };
  return {
    api,
    objects,
    put,
    names: () => [...objects.keys()].toSorted(),
    get: (name) => objects.get(name),
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('not asked for'));
}

/** Labels and annotations of others stay. */
function applyTo(before: KubeObject | undefined, object: KubeObject): KubeObject {
  const [mine, theirs] = [object.metadata, before?.metadata ?? {}];
  const labels = { ...theirs.labels, ...mine.labels };
  const annotations = { ...theirs.annotations, ...mine.annotations };
  return { ...object, metadata: { uid: 'u', ...mine, labels, annotations } };
}

function servedAt(path: string): unknown {
  const resources = (SERVED[path] ?? []).map((kind) => ({
    name: kind.replace('/', '').toLowerCase(),
    kind: kind.replace('/', ''),
    namespaced: !kind.startsWith('/'),
  }));
  return { resources };
}

/** establishing is the same API server, where CRDs are served as soon as they are applied. */
export function establishing({ api }: ApiDouble): KubeApi {
  const status = { conditions: [{ type: 'Established', status: 'True' }] };
  return {
    ...api,
    apply: (object, options) => {
      const isCrd = object.kind === 'CustomResourceDefinition';
      return api.apply(isCrd ? { ...object, status } : object, options);
    },
  };
}

/** Only what Helm's records are looked for by: `a=b,c=d`; a set of values matches nothing here. */
function isSelected({ metadata }: KubeObject, selector: string): boolean {
  return selector.split(',').every((part) => {
    const [key = '', value] = part.split('=');
    return metadata.labels?.[key] === value;
  });
}

/** StoreDouble keeps inventories in memory. */
export interface StoreDouble extends InventoryStore {
  readonly held: Map<string, Inventory>;
  /** How the next writes fail. */
  failure: Error | undefined;
}

/** storeDouble is an empty store. */
export function storeDouble(): StoreDouble {
  const held = new Map<string, Inventory>();
  const double: StoreDouble = {
    held,
    failure: undefined,
    list: () => Promise.resolve([...held.values()]),
    write: (inventory) => {
      if (double.failure !== undefined) return Promise.reject(double.failure);
      held.set(inventory.layer, inventory);
      return Promise.resolve();
    },
    remove: (layer) => {
      held.delete(layer);
      return Promise.resolve();
    },
  };
  return double;
}
