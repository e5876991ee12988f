/** Entry is one reconcile in the lanes. */
export interface Entry {
  /** Moves the reconcile to the slow lane, unless it is there; false if that is full. */
  readonly slow: () => boolean;
  /** Ends the reconcile. */
  readonly leave: () => void;
}

/**
 * Lanes limit the concurrent reconciles of a controller. A reconcile that waits for a slow cluster moves to the
 * slow lane, which is as wide as the normal one, so that the other clusters have all workers; the next time it
 * starts there. The controller ends reconciles that find the slow lane full. A cluster thus takes a worker of the
 * others once, for no longer than the patience lasts.
 */
export class Lanes {
  readonly #workers: number;
  readonly #normal = new Set<Entry>();
  readonly #slow = new Set<Entry>();
  #emptied: (() => void)[] = [];

  constructor(workers: number) {
    this.#workers = workers;
  }

  /** Whether a reconcile may start, in the slow lane or in the normal one. */
  hasRoom(slow: boolean): boolean {
    return (slow ? this.#slow : this.#normal).size < this.#workers;
  }

  /** Starts a reconcile in a lane; `onFree` is called whenever it makes room. */
  enter(slow: boolean, onFree: () => void): Entry {
    const entry: Entry = {
      slow: () => {
        if (this.#slow.has(entry)) return true;
        if (!this.#normal.has(entry) || !this.hasRoom(true)) return false;
        this.#normal.delete(entry);
        this.#slow.add(entry);
        onFree();
        return true;
      },
      leave: () => {
        this.#normal.delete(entry);
        this.#slow.delete(entry);
        onFree();
        this.#settle();
      },
    };
    (slow ? this.#slow : this.#normal).add(entry);
    return entry;
  }

  /** Resolves when no reconcile runs. */
  empty(): Promise<void> {
    return new Promise((resolve) => {
      this.#emptied.push(resolve);
      this.#settle();
    });
  }

  #settle(): void {
    if (this.#normal.size + this.#slow.size > 0) return;
    for (const resolve of this.#emptied) resolve();
    this.#emptied = [];
  }
}
