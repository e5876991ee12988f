import { type Key, keyText } from '../../lib/reconcile/work-queue.ts';

/** So often is a cluster asked whose objects on this side cannot be read. */
const MOST_TRIES = 3;

/**
 * Asked says whether every Cluster that was there when the provider started has been asked whether it manages itself. A
 * Cluster that is created later comes from no backup. What an earlier start found out says nothing about an etcd that was
 * set back since.
 */
export class Asked {
  #open: Map<string, { readonly key: Key; readonly tries: number }> | undefined;

  /** Whether it is known which Clusters are to be asked. */
  get isBegun(): boolean {
    return this.#open !== undefined;
  }

  /** Those that were not asked yet. */
  get open(): readonly Key[] {
    return [...(this.#open?.values() ?? [])].map(({ key }) => key);
  }

  /** These Clusters are there. */
  begin(keys: readonly Key[]): void {
    this.#open = new Map(keys.map((key) => [keyText(key), { key, tries: 0 }]));
  }

  /** The cluster was asked, with or without an answer, or does not exist any more. */
  note(key: Key): void {
    this.#open?.delete(keyText(key));
  }

  /** The cluster could not be asked; one of them must not hold back all others for ever. */
  failed(key: Key): void {
    const tries = (this.#open?.get(keyText(key))?.tries ?? 0) + 1;
    if (tries >= MOST_TRIES) this.note(key);
    else this.#open?.set(keyText(key), { key, tries });
  }

  /** The API server was set back: what it has now was not asked. */
  reset(): void {
    this.#open = undefined;
  }
}
