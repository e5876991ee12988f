/** Topic notifies its listeners that something has changed. */
export class Topic {
  readonly #listeners: (() => void)[] = [];

  /** Bound, so that it can be passed as a callback. */
  readonly publish = (): void => {
    for (const listener of this.#listeners) listener();
  };

  /** Adds listeners, which are called in this order after the earlier ones. */
  subscribe(...listeners: readonly (() => void)[]): void {
    this.#listeners.push(...listeners);
  }
}
