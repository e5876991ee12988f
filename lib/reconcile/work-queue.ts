import type { KubeObject } from '../core/object.ts';

/** Key identifies one object of the kind of a controller. */
export interface Key {
  /** Empty for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
}

/** The key as text: `namespace/name`. */
export function keyText({ namespace, name }: Key): string {
  return `${namespace}/${name}`;
}

/** keyOf returns the key of an object. */
export function keyOf({ metadata }: KubeObject): Key {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}

interface Delay {
  /** On the clock of `performance.now()`, in milliseconds. */
  readonly due: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * WorkQueue holds keys until they are taken, first come, first served. A key is queued at most once, and a
 * key that is being processed is not returned again before it is finished.
 */
export class WorkQueue {
  readonly #onReady: () => void;
  readonly #ready = new Map<string, Key>();
  readonly #running = new Set<string>();
  /** Keys that were added while being processed; they become ready when that is finished. */
  readonly #again = new Map<string, Key>();
  readonly #delays = new Map<string, Delay>();
  #closed = false;

  constructor(onReady: () => void) {
    this.#onReady = onReady;
  }

  /** Number of keys that are ready. */
  get depth(): number {
    return this.#ready.size;
  }

  add(key: Key): void {
    const text = keyText(key);
    if (this.#running.has(text)) {
      this.#again.set(text, key);
      return;
    }
    if (this.#ready.has(text)) return;
    this.#ready.set(text, key);
    this.#onReady();
  }

  /** Adds the key after a delay in milliseconds, unless it is due earlier. */
  addAfter(key: Key, ms: number): void {
    if (this.#closed) return;
    const text = keyText(key);
    const due = performance.now() + ms;
    const last = this.#delays.get(text);
    if (last !== undefined && last.due <= due) return;
    clearTimeout(last?.timer);
    const timer = setTimeout(
      () => {
        this.#delays.delete(text);
        this.add(key);
      },
      Math.min(ms, LONGEST_TIMER_MS),
    );
    this.#delays.set(text, { due, timer });
  }

  /** Takes a key; a delayed request for it is dropped, because the reconcile that starts decides again. */
  take(): Key | undefined {
    for (const [text, key] of this.#ready) {
      this.#ready.delete(text);
      clearTimeout(this.#delays.get(text)?.timer);
      this.#delays.delete(text);
      this.#running.add(text);
      return key;
    }
    return undefined;
  }

  /** Marks a taken key as finished. */
  finish(key: Key): void {
    const text = keyText(key);
    this.#running.delete(text);
    const again = this.#again.get(text);
    this.#again.delete(text);
    if (again !== undefined) this.add(again);
  }

  /** Drops all delayed keys and accepts no more, so that no timer keeps the process alive. */
  close(): void {
    this.#closed = true;
    for (const { timer } of this.#delays.values()) clearTimeout(timer);
    this.#delays.clear();
  }
}

/** The maximum delay of a Node timer; a longer one fires immediately. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
