/** Topic tells all who listen to it that something has changed. */
export class Topic {
  readonly #listeners: (() => void)[] = [];

  /** Bound, so that it can be given away as a callback. */
  readonly publish = (): void => {
    for (const listener of this.#listeners) listener();
  };

  /** Calls the listeners in this order, after those that listened before. */
  subscribe(...listeners: readonly (() => void)[]): void {
    this.#listeners.push(...listeners);
  }
}
