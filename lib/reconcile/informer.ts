import { messageOf } from '../errors.ts';
import type { KubeObject } from '../core/object.ts';
import type { KubeApi, ListOptions, TypeRef, WatchEvent } from '../kube/api.ts';
import type { Logger } from '../log.ts';
import { type Key, keyOf, keyText } from './work-queue.ts';

/** Informer caches the raw objects of a kind as the API server sends them. */
export interface Informer {
  get(key: Key): KubeObject | undefined;
  list(): readonly KubeObject[];
  /** Whether a complete list was received. A kind that is not served never syncs. */
  hasSynced(): boolean;
  /** Resolves once a complete list was received; fails with the reason of the signal. */
  synced(signal?: AbortSignal): Promise<void>;
  /**
   * Calls a listener for each event, starting with the existing objects; returns a function that
   * unsubscribes. An exception of a listener is logged and does not unsubscribe it.
   */
  onEvent(listener: (event: WatchEvent) => void): () => void;
  /** Watches until the signal. Never fails: failures are logged and retried. */
  run(signal: AbortSignal): Promise<void>;
}

type Listener = (event: WatchEvent) => void;

/** Creates an informer; it sends no request before it runs. */
export function createInformer(
  api: KubeApi,
  type: TypeRef,
  options: ListOptions & { readonly log?: Logger } = {},
): Informer {
  const store = new Map<string, KubeObject>();
  const listeners = new Set<Listener>();
  const { log, ...narrowed } = options;
  const complaint = complainer(type, log);
  let sync: WatchEvent | undefined;

  function tell(listener: Listener, event: WatchEvent): void {
    try {
      listener(event);
    } catch (error) {
      log?.error({ kind: type.kind, error: messageOf(error) }, 'listener failed');
    }
  }

  function take(event: WatchEvent): void {
    complaint.over();
    if (event.type === 'SYNCED') sync = event;
    else if (event.type === 'DELETED') store.delete(textOf(event.object));
    else store.set(textOf(event.object), event.object);
    for (const listener of listeners) tell(listener, event);
  }

  function onEvent(listener: Listener): () => void {
    // A new function each time, because two subscribers may pass the same one.
    const subscription: Listener = (event) => listener(event);
    for (const object of store.values()) tell(subscription, { type: 'ADDED', object });
    if (sync !== undefined) tell(subscription, sync);
    listeners.add(subscription);
    return () => {
      listeners.delete(subscription);
    };
  }

  return {
    get: (key) => store.get(keyText(key)),
    list: () => [...store.values()],
    hasSynced: () => sync !== undefined,
    synced: (signal) => synced(onEvent, signal),
    onEvent,
    run: (signal) => api.watch(type, take, { ...narrowed, signal, onError: complaint.about }),
  };
}

function synced(onEvent: Informer['onEvent'], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let end: (() => void) | undefined;
    let over = false;
    function finish(settle: () => void): void {
      over = true;
      end?.();
      signal?.removeEventListener('abort', abandon);
      settle();
    }
    function abandon(): void {
      finish(() => reject(asError(signal?.reason)));
    }
    if (signal?.aborted === true) {
      abandon();
      return;
    }
    signal?.addEventListener('abort', abandon, { once: true });
    end = onEvent(({ type }) => {
      if (type === 'SYNCED' && !over) finish(resolve);
    });
    if (over) end();
  });
}

/** Logs each problem once, not with every attempt. */
function complainer(
  type: TypeRef,
  log: Logger | undefined,
): { about: (error: unknown) => void; over: () => void } {
  let last = '';
  return {
    about(error): void {
      const message = messageOf(error);
      if (message === last) return;
      last = message;
      log?.warn({ kind: type.kind, apiVersion: type.apiVersion, error: message }, 'cannot watch');
    },
    over(): void {
      if (last === '') return;
      last = '';
      log?.info({ kind: type.kind, apiVersion: type.apiVersion }, 'watching again');
    },
  };
}

function textOf(object: KubeObject): string {
  return keyText(keyOf(object));
}

function asError(reason: unknown): Error {
  return reason instanceof Error
    ? reason
    : new Error('cannot wait: the program is stopping', { cause: reason });
}
