import type { KubeObject } from '../core/object.ts';
import type { ListPage } from './answers.ts';
import type { PartialListOptions, TypeRef } from './api.ts';
import { BoundedText } from './bounded-text.ts';
import { type Bounds, exceeded, sizeText } from './bounds.ts';

/** A continue token of kube-apiserver has less than a kilobyte. */
const TOKEN_LENGTH = 8192;

/** ListPages collects the pages of one list, and fails with a BoundError when they exceed the bounds. */
export class ListPages {
  readonly type: TypeRef;
  readonly items: KubeObject[] = [];
  readonly #bounds: Bounds;
  readonly #part: PartialListOptions['part'];
  readonly #tokens = new Set<string>();
  #text = new BoundedText({ bytes: 0, values: 0, depth: 0 });
  #bytes = 0;
  #values = 0;

  constructor(type: TypeRef, bounds: Bounds, { part }: PartialListOptions = {}) {
    this.type = type;
    this.#bounds = bounds;
    this.#part = part;
  }

  /** An empty text for the next page, or for the same one again. */
  next(): BoundedText {
    const { pageBytes, values, depth } = this.#bounds;
    this.#text = new BoundedText({ bytes: pageBytes, values: values - this.#values, depth });
    return this.#text;
  }

  /** Adds the page that was read into the last text, and returns it. */
  add(page: ListPage): ListPage {
    const items = this.#kept(page.items);
    this.#bytes += this.#text.bytes;
    this.#values += this.#text.values;
    const { listBytes, pages, objects } = this.#bounds;
    if (this.#bytes > listBytes) throw exceeded(`more than ${sizeText(listBytes)} in all pages`);
    if (this.items.length + items.length > objects) {
      throw exceeded(`more than ${objects} objects`);
    }
    if (page.continue !== '') this.#continued(page.continue, pages);
    for (const item of items) this.items.push(item);
    return page;
  }

  /** What is kept of a page; only that counts from then on. */
  #kept(items: readonly KubeObject[]): readonly KubeObject[] {
    const part = this.#part;
    if (part === undefined) return items;
    const kept = items.flatMap((item) => part(item) ?? []);
    this.next().add(Buffer.from(JSON.stringify(kept)));
    return kept;
  }

  #continued(token: string, pages: number): void {
    if (token.length > TOKEN_LENGTH) throw exceeded('a continue token that is too long');
    if (this.#tokens.has(token)) throw exceeded('a continue token that it had before');
    this.#tokens.add(token);
    if (this.#tokens.size >= pages) throw exceeded(`more than ${pages} pages`);
  }
}
