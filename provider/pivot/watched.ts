import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind } from '../../capi/cloud.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi, WatchEvent } from '../../lib/kube/api.ts';
import { keyOf } from '../core/pivot/identity.ts';

/** Watched is a live view of the objects of some kinds in one namespace. */
export interface Watched {
  /** Resolves when every kind was listed once; fails after the timeout. */
  synced(timeoutMs: number): Promise<void>;
  /** Checks until the test returns undefined or the time is up; returns the last result of the test. */
  until<Missing>(
    test: (objects: readonly KubeObject[]) => Missing | undefined,
    timeoutMs: number,
  ): Promise<Missing | undefined>;
  /** Stops the watches. */
  end(): Promise<void>;
}

/** watched starts the watches. They recover from interruptions on their own (lib/kube/watch.ts). */
export function watched(
  api: KubeApi,
  kinds: readonly Kind[],
  { namespace, signal }: { readonly namespace: string; readonly signal: AbortSignal },
): Watched {
  const view = new View(kinds.length);
  const stop = new AbortController();
  const ended = AbortSignal.any([stop.signal, signal]);
  // Every watch listens to this signal; Node would warn about more than ten listeners.
  setMaxListeners(0, ended);
  const watches = kinds.map((kind) =>
    api.watch({ ...kind, namespace }, (event) => view.take(event), { signal: ended }),
  );
  ended.addEventListener('abort', () => view.changed(), { once: true });
  return {
    synced: (timeoutMs) => inTime(view.synced, timeoutMs),
    until: (test, timeoutMs) => view.until(test, timeoutMs, ended),
    async end() {
      stop.abort();
      await Promise.allSettled(watches);
    },
  };
}

async function inTime(synced: Promise<void>, timeoutMs: number): Promise<void> {
  const timer = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error('cannot watch the cluster: its API server does not answer');
  });
  try {
    await Promise.race([synced, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}

class View {
  readonly synced: Promise<void>;
  readonly #objects = new Map<string, KubeObject>();
  #unsynced: number;
  #resolveSynced: () => void = () => undefined;
  #wake: (() => void) | undefined;

  constructor(kinds: number) {
    this.#unsynced = kinds;
    this.synced = new Promise((resolve) => {
      this.#resolveSynced = resolve;
    });
    if (kinds === 0) this.#resolveSynced();
  }

  take({ type, object }: WatchEvent): void {
    if (type === 'SYNCED') this.#unsynced -= 1;
    else if (type === 'DELETED') this.#objects.delete(keyOf(object));
    else this.#objects.set(keyOf(object), object);
    if (this.#unsynced <= 0) {
      this.#resolveSynced();
      this.changed();
    }
  }

  changed(): void {
    this.#wake?.();
  }

  async until<Missing>(
    test: (objects: readonly KubeObject[]) => Missing | undefined,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Missing | undefined> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const missing = test([...this.#objects.values()]);
      const left = end - performance.now();
      if (missing === undefined || left <= 0 || signal.aborted) return missing;
      // oxlint-disable-next-line no-await-in-loop -- one check after each change
      await this.#change(left);
    }
  }

  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
