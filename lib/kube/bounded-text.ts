import { type Bounds, exceeded, sizeText } from './bounds.ts';

/** Kinds of bytes: other, quote, backslash, comma, opening and closing bracket. */
const CHARACTERS = ['', '"', '\\', ',', '[{', ']}'];
/** What a byte of each kind adds to the number of values, and to the depth, outside of a string. */
const VALUES = [0, 0, 0, 1, 1, 0];
const LEVELS = [0, 0, 0, 0, 1, -1];

/** States of the scan: outside of a string, in a string, behind a backslash in a string. */
const [OUTSIDE, INSIDE, ESCAPED] = [0, 1, 2];
/** The next state, by state and kind. */
const NEXT = [
  [OUTSIDE, INSIDE, OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE],
  [INSIDE, OUTSIDE, ESCAPED, INSIDE, INSIDE, INSIDE],
  [INSIDE, INSIDE, INSIDE, INSIDE, INSIDE, INSIDE],
].flat();

/** The kind of each byte; a byte of a longer UTF-8 character is always another one. */
const KINDS = new Uint8Array(256);
for (const [kind, characters] of CHARACTERS.entries()) {
  for (const character of characters) KINDS[character.charCodeAt(0)] = kind;
}

const NEWLINE = 0x0a;

/** Limits of one text. */
export type TextBounds = Pick<Bounds, 'values' | 'depth'> & { readonly bytes: number };

/**
 * BoundedText collects the chunks of one JSON text, and fails with a BoundError before it holds more than the
 * bounds allow. It copies the chunks into one buffer: thousands of small chunks would use much more memory
 * than their bytes.
 */
export class BoundedText {
  readonly #bounds: TextBounds;
  #buffer = Buffer.alloc(0);
  #bytes = 0;
  #values = 0;
  #depth = 0;
  #state = OUTSIDE;

  constructor(bounds: TextBounds) {
    this.#bounds = bounds;
  }

  /** Number of bytes so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Number of JSON values so far; approximate for a text that is not JSON. */
  get values(): number {
    return this.#values;
  }

  add(chunk: Buffer): void {
    const bytes = this.#bytes + chunk.length;
    if (bytes > this.#bounds.bytes) throw exceeded(`more than ${sizeText(this.#bounds.bytes)}`);
    this.#scan(chunk);
    if (bytes > this.#buffer.length) this.#grow(bytes);
    chunk.copy(this.#buffer, this.#bytes);
    this.#bytes = bytes;
  }

  /** The collected text. */
  text(): string {
    return this.#buffer.toString('utf8', 0, this.#bytes);
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafe(
      Math.min(this.#bounds.bytes, Math.max(bytes, 2 * this.#bytes)),
    );
    this.#buffer.copy(larger, 0, 0, this.#bytes);
    this.#buffer = larger;
  }

  /** Counts values and levels before anything is parsed. One loop over local numbers: it runs for each byte. */
  #scan(chunk: Buffer): void {
    let [values, depth, state] = [this.#values, this.#depth, this.#state];
    let deepest = depth;
    for (let at = 0; at < chunk.length; at++) {
      const kind = KINDS[chunk[at] ?? 0] ?? 0;
      if (state === OUTSIDE) {
        values += VALUES[kind] ?? 0;
        depth += LEVELS[kind] ?? 0;
        if (depth > deepest) deepest = depth;
      }
      state = NEXT[state * VALUES.length + kind] ?? OUTSIDE;
    }
    [this.#values, this.#depth, this.#state] = [values, depth, state];
    this.#check(deepest);
  }

  #check(deepest: number): void {
    const { values, depth } = this.#bounds;
    if (this.#values > values) throw exceeded(`more than ${values} JSON values`);
    if (deepest > depth) throw exceeded(`more than ${depth} levels of nested JSON`);
  }
}

/** The complete lines of a stream of JSON lines, each within the bounds; an incomplete last line is dropped. */
export async function* boundedLines(
  chunks: AsyncIterable<Buffer>,
  bounds: TextBounds,
): AsyncGenerator<string, void, undefined> {
  let line = new BoundedText(bounds);
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      line.add(chunk.subarray(from, at));
      from = at + 1;
      const text = line.text();
      line = new BoundedText(bounds);
      if (text.trim() !== '') yield text;
    }
    line.add(chunk.subarray(from));
  }
}
