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
  /** Keys that must not be taken before a time on the clock of `performance.now()`. */
  readonly #resting = new Map<string, number>();
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
    const rest = this.#restOf(text);
    if (rest > 0) {
      this.addAfter(key, rest);
      return;
    }
    this.#ready.set(text, key);
    this.#onReady();
  }

  /** Adds the key after a delay in milliseconds, unless it is due earlier. */
  addAfter(key: Key, ms: number): void {
    if (this.#closed) return;
    const text = keyText(key);
    const wait = Math.max(ms, this.#restOf(text));
    const due = performance.now() + wait;
    const last = this.#delays.get(text);
    if (last !== undefined && last.due <= due) return;
    clearTimeout(last?.timer);
    const timer = setTimeout(
      () => {
        this.#delays.delete(text);
        this.add(key);
      },
      Math.min(wait, LONGEST_TIMER_MS),
    );
    this.#delays.set(text, { due, timer });
  }

  /** Takes the first wanted key; a delayed request for it is dropped, because the reconcile that starts decides again. */
  take(wanted: (key: Key) => boolean = () => true): Key | undefined {
    for (const [text, key] of this.#ready) {
      if (!wanted(key)) continue;
      this.#ready.delete(text);
      clearTimeout(this.#delays.get(text)?.timer);
      this.#delays.delete(text);
      this.#resting.delete(text);
      this.#running.add(text);
      return key;
    }
    return undefined;
  }

  /** Makes a taken key rest for so many milliseconds: until then it is not taken again, whatever adds it. */
  rest(key: Key, ms: number): void {
    this.#resting.set(keyText(key), performance.now() + ms);
  }

  #restOf(text: string): number {
    return (this.#resting.get(text) ?? 0) - performance.now();
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
