import type { KubeObject } from '../core/object.ts';
import { exceeded } from './bounds.ts';
import type { KubeList, TypeRef, WatchEvent } from './api.ts';

/** RawEvent is one line of a watch response. */
export interface RawEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

/** ViewParts are what a {@link WatchView} needs. */
export interface ViewParts {
  readonly type: TypeRef;
  readonly onEvent: (event: WatchEvent) => void;
  readonly signal: AbortSignal;
  /** Objects that are known at the same time; no limit if absent. */
  readonly mostObjects?: number;
}

/** WatchView tracks what was delivered to the consumer. */
export class WatchView {
  resourceVersion: string | undefined;
  /** Number of events received from the server. */
  taken = 0;
  /** The exception of onEvent, if any. */
  broken: { readonly error: unknown } | undefined;
  readonly #type: TypeRef;
  readonly #onEvent: (event: WatchEvent) => void;
  readonly #signal: AbortSignal;
  readonly #mostObjects: number;
  #known = new Map<string, KubeObject>();

  constructor({ type, onEvent, signal, mostObjects = Infinity }: ViewParts) {
    this.#type = type;
    this.#onEvent = onEvent;
    this.#signal = signal;
    this.#mostObjects = mostObjects;
  }

  /** Processes a full list: delivers deletions first, then new and changed objects, then SYNCED. */
  relisted(list: KubeList): void {
    const present = new Map(list.items.map((item) => [keyOf(item), item]));
    for (const [key, old] of this.#known) {
      if (present.get(key)?.metadata.uid !== old.metadata.uid) this.#forget(key, old);
    }
    for (const [key, object] of present) this.#store(key, object);
    this.resourceVersion = list.resourceVersion;
    const { apiVersion, kind } = this.#type;
    const { resourceVersion } = list;
    this.#deliver({ type: 'SYNCED', object: { apiVersion, kind, metadata: { resourceVersion } } });
  }

  take(event: RawEvent): void {
    this.taken++;
    const key = keyOf(event.object);
    if (event.type === 'DELETED') this.#forget(key, event.object);
    else if (event.type !== 'BOOKMARK') this.#store(key, event.object);
    this.resourceVersion = event.object.metadata.resourceVersion ?? this.resourceVersion;
  }

  #store(key: string, object: KubeObject): void {
    const old = this.#known.get(key);
    if (old === undefined && this.#known.size >= this.#mostObjects) {
      throw exceeded(`more than ${this.#mostObjects} objects`);
    }
    this.#known.set(key, object);
    if (old === undefined) this.#deliver({ type: 'ADDED', object });
    else if (old.metadata.resourceVersion !== object.metadata.resourceVersion) {
      this.#deliver({ type: 'MODIFIED', object });
    }
  }

  #forget(key: string, object: KubeObject): void {
    if (this.#known.delete(key)) this.#deliver({ type: 'DELETED', object });
  }

  #deliver(event: WatchEvent): void {
    if (this.#signal.aborted) return;
    try {
      this.#onEvent(event);
    } catch (error) {
      this.broken = { error };
      throw error;
    }
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
}
