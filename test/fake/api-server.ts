import type { Side } from '../../lib/apis/ownership.ts';
import type { KubeObject, ObjectMeta } from '../../lib/core/object.ts';
import type {
  DeleteOptions,
  KubeApi,
  KubeList,
  ListOptions,
  ObjectRef,
  TypeRef,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from '../../lib/kube/api.ts';
import { ownersOf } from '../../lib/core/owners.ts';
import { attempt, conflict, notFound } from './answers.ts';
import { fenced, fencedMachine, guarded } from './policies.ts';
import { frozenCopy, patched } from './patch.ts';

type Listener = (event: WatchEvent) => void;

/**
 * FakeApiServer is an API server in memory, as exact as the tests of a pivot need it: resourceVersions,
 * generations, status subresource, finalizers, garbage collection, and our own policies. The same pivots
 * run on real ones in test/e2e/pivot.
 */
export class FakeApiServer implements KubeApi {
  readonly side: Side;
  /** Told of every change, before anybody else acts. */
  onChange: (object: KubeObject) => void = () => undefined;
  readonly #objects = new Map<string, KubeObject>();
  readonly #listeners = new Set<{ readonly type: TypeRef; readonly tell: Listener }>();
  #version = 100;

  constructor(side: Side) {
    this.side = side;
  }

  get(ref: ObjectRef): Promise<KubeObject | undefined> {
    const found = this.#objects.get(keyOf(ref));
    return Promise.resolve(found);
  }

  list(type: TypeRef, { labelSelector = '' }: ListOptions = {}): Promise<KubeList> {
    const items = this.#of(type).filter((object) => isSelected(object, labelSelector));
    return Promise.resolve({ resourceVersion: String(this.#version), items });
  }

  create(object: KubeObject, { dryRun }: WriteOptions = {}): Promise<KubeObject> {
    return attempt(() => {
      const key = keyOf({ ...object, ...object.metadata });
      fenced(this.side, undefined, object);
      fencedMachine(this.side, object, this.#clusterOf(object));
      if (this.#objects.has(key)) throw conflict('AlreadyExists', key);
      this.#version += 1;
      const { status, ...content } = object;
      const metadata: ObjectMeta = {
        ...content.metadata,
        uid: `${this.side}-${this.#version}`,
        generation: 1,
        creationTimestamp: '2026-01-01T00:00:00Z',
      };
      const stored = { ...content, metadata, ...(object.apiVersion === 'v1' ? { status } : {}) };
      return dryRun === true ? frozenCopy(stored) : this.#store(key, stored);
    });
  }

  replace(object: KubeObject, options: WriteOptions = {}): Promise<KubeObject> {
    return attempt(() => {
      const key = keyOf({ ...object, ...object.metadata });
      return this.#update(key, object, options);
    });
  }

  apply(object: KubeObject): Promise<KubeObject> {
    const ref = { ...object, ...object.metadata, name: object.metadata.name ?? '' };
    return this.#objects.has(keyOf(ref)) ? this.patch(ref, object) : this.create(object);
  }

  patch(ref: ObjectRef, patch: unknown, options: WriteOptions = {}): Promise<KubeObject> {
    return attempt(() => {
      const key = keyOf(ref);
      const current = this.#objects.get(key);
      if (current === undefined) throw notFound(key);
      return this.#update(key, patched(current, patch), options);
    });
  }

  delete(ref: ObjectRef, { preconditions }: DeleteOptions = {}): Promise<void> {
    return attempt(() => {
      const current = this.#objects.get(keyOf(ref));
      if (current === undefined) return;
      const { uid } = current.metadata;
      if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
        throw conflict('Conflict', 'uid');
      }
      this.#delete(keyOf(ref), current);
    });
  }

  watch(type: TypeRef, onEvent: Listener, { signal }: WatchOptions): Promise<void> {
    const { apiVersion, kind } = type;
    for (const object of this.#of(type)) onEvent({ type: 'ADDED', object });
    onEvent({ type: 'SYNCED', object: { apiVersion, kind, metadata: {} } });
    const listener = { type, tell: onEvent };
    this.#listeners.add(listener);
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        this.#listeners.delete(listener);
        resolve();
      });
    });
  }

  raw(): Promise<unknown> {
    return Promise.resolve('ok');
  }

  /** All objects of a namespace, for a test to compare. */
  all(namespace: string): readonly KubeObject[] {
    return [...this.#objects.values()].filter((o) => o.metadata.namespace === namespace);
  }

  #of({ apiVersion, kind, namespace }: TypeRef): readonly KubeObject[] {
    return [...this.#objects.values()]
      .filter((o) => o.apiVersion === apiVersion && o.kind === kind)
      .filter((o) => namespace === undefined || o.metadata.namespace === namespace);
  }

  #clusterOf({ metadata, ...object }: KubeObject): KubeObject | undefined {
    const spec = object['spec'] as { readonly clusterName?: string } | undefined;
    const ref = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster' };
    const { namespace = '' } = metadata;
    return this.#objects.get(keyOf({ ...ref, namespace, name: spec?.clusterName ?? '' }));
  }

  #update(key: string, next: KubeObject, { subresource, dryRun }: WriteOptions): KubeObject {
    const current = this.#objects.get(key);
    if (current === undefined) throw notFound(key);
    const { resourceVersion, uid } = current.metadata;
    if ((next.metadata.resourceVersion ?? resourceVersion) !== resourceVersion) {
      throw conflict('Conflict', key);
    }
    if ((next.metadata.uid ?? uid) !== uid) throw conflict('Conflict', `${key} uid`);
    const stored =
      subresource === 'status' ? { ...current, status: next['status'] } : merged(current, next);
    fenced(this.side, current, stored);
    return dryRun === true ? frozenCopy(stored) : this.#store(key, stored);
  }

  /** What is kept and given to everybody is one frozen copy: whoever changes what is not its own, fails. */
  #store(key: string, object: KubeObject): KubeObject {
    const { finalizers = [], deletionTimestamp } = object.metadata;
    if (deletionTimestamp !== undefined && finalizers.length === 0) {
      this.#remove(key, object);
      return object;
    }
    const known = this.#objects.has(key);
    this.#version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#version) };
    const stored = frozenCopy({ ...object, metadata });
    this.#objects.set(key, stored);
    this.onChange(stored);
    this.#tell({ type: known ? 'MODIFIED' : 'ADDED', object: stored });
    return stored;
  }

  #delete(key: string, object: KubeObject): void {
    guarded(object);
    if ((object.metadata.finalizers ?? []).length === 0) this.#remove(key, object);
    else if (object.metadata.deletionTimestamp === undefined) {
      const metadata = { ...object.metadata, deletionTimestamp: '2026-01-01T00:00:01Z' };
      this.#store(key, { ...object, metadata });
    }
  }

  #remove(key: string, object: KubeObject): void {
    this.#objects.delete(key);
    this.#tell({ type: 'DELETED', object });
    this.#collect();
  }

  /** The garbage collector: what has owners, none of which is there any more, goes. */
  #collect(): void {
    const uids = new Set([...this.#objects.values()].map(({ metadata }) => metadata.uid));
    for (const [key, object] of this.#objects) {
      const owners = ownersOf(object).filter(({ kind }) => kind !== 'XManagedCluster');
      const orphan = owners.length > 0 && owners.every(({ uid }) => !uids.has(uid));
      if (!orphan || object.metadata.deletionTimestamp !== undefined) continue;
      try {
        this.#delete(key, object);
      } catch {
        // held: the collector would try again
      }
    }
  }

  #tell(event: WatchEvent): void {
    const { apiVersion, kind } = event.object;
    for (const { type, tell } of this.#listeners) {
      if (type.apiVersion === apiVersion && type.kind === kind) queueMicrotask(() => tell(event));
    }
  }
}

/** A write that is none of status: what the server counts stays, the generation follows the spec. */
function merged(current: KubeObject, next: KubeObject): KubeObject {
  const { uid, generation = 1, creationTimestamp, deletionTimestamp } = current.metadata;
  const counted: Record<string, unknown> = { uid, creationTimestamp, deletionTimestamp };
  const same = JSON.stringify(next['spec']) === JSON.stringify(current['spec']);
  const metadata = { ...next.metadata, ...counted, generation: same ? generation : generation + 1 };
  const { status } = current;
  return { ...next, metadata, ...(status === undefined ? {} : { status }) };
}

function keyOf(ref: Partial<ObjectRef>): string {
  const { apiVersion = '', kind = '', namespace = '', name = '' } = ref;
  const group = apiVersion.split('/').length > 1 ? apiVersion.split('/')[0] : '';
  return [group, kind, namespace, name].join('/');
}

function isSelected({ metadata }: KubeObject, selector: string): boolean {
  const { labels = {} } = metadata;
  return selector.split(',').every((term) => {
    const [label = '', value] = term.split('=');
    return label === '' || (label in labels && (value === undefined || labels[label] === value));
  });
}
