import type { Json } from './object.ts';

// The constants of SHA-256 are fractions of the roots of primes (FIPS 180-4, 4.2.2 and 5.3.3).
const FIRST_64_PRIMES = [...Array.from({ length: 312 }).keys()].slice(2).filter(isPrime);
const ROUND_CONSTANTS = Uint32Array.from(FIRST_64_PRIMES, (prime) => fraction(Math.cbrt(prime)));
const [A = 0, B = 0, C = 0, D = 0, E = 0, F = 0, G = 0, H = 0] = FIRST_64_PRIMES.map((prime) =>
  fraction(Math.sqrt(prime)),
);
const START: State = [A, B, C, D, E, F, G, H];

type State = readonly [number, number, number, number, number, number, number, number];

/**
 * contentHash names content: 8 hexadecimal digits (32 bit) that are the same for the same JSON,
 * whatever the order of its keys. For names, not for security.
 */
export function contentHash(value: Json): string {
  return sha256(canonicalJson(value)).slice(0, 8);
}

/** canonicalJson writes JSON with sorted keys and without keys that are undefined. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value)
    .flatMap(([key, field]) => (field === undefined ? [] : [[key, field] as const]))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}

/**
 * sha256 is the digest of a text in UTF-8, in hexadecimal (FIPS 180-4). Written out because the pure
 * folders import nothing of Node (DESIGN 2).
 */
export function sha256(text: string): string {
  const blocks = padded(new TextEncoder().encode(text));
  let state = START;
  for (let offset = 0; offset < blocks.byteLength; offset += 64) {
    state = absorb(state, new DataView(blocks.buffer, offset, 64));
  }
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  out.set(bytes);
  out[bytes.length] = 0x80;
  new DataView(out.buffer).setBigUint64(out.length - 8, BigInt(bytes.length) * 8n);
  return out;
}

/** absorb mixes one block of 64 bytes into the state. */
function absorb(state: State, block: DataView): State {
  let working = state;
  for (const [index, word] of schedule(block).entries()) {
    working = round(working, word + (ROUND_CONSTANTS[index] ?? 0));
  }
  return added(state, working);
}

function round([a, b, c, d, e, f, g, h]: State, word: number): State {
  const chosen = (e & f) ^ (~e & g);
  const majority = (a & b) ^ (a & c) ^ (b & c);
  const first = h + rotations(e, [6, 11, 25]) + chosen + word;
  const second = rotations(a, [2, 13, 22]) + majority;
  return [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
}

function added([a, b, c, d, e, f, g, h]: State, by: State): State {
  const [a2, b2, c2, d2, e2, f2, g2, h2] = by;
  const low = [(a + a2) | 0, (b + b2) | 0, (c + c2) | 0, (d + d2) | 0] as const;
  return [...low, (e + e2) | 0, (f + f2) | 0, (g + g2) | 0, (h + h2) | 0];
}

function schedule(block: DataView): Uint32Array {
  const words = new Uint32Array(64);
  for (let index = 0; index < 16; index += 1) words[index] = block.getUint32(index * 4);
  for (let index = 16; index < 64; index += 1) {
    const [old = 0, near = 0, middle = 0, late = 0] = [16, 15, 7, 2].map(
      (back) => words[index - back],
    );
    const low = rotations(near, [7, 18]) ^ (near >>> 3);
    const high = rotations(late, [17, 19]) ^ (late >>> 10);
    words[index] = old + low + middle + high;
  }
  return words;
}

function rotations(word: number, turns: readonly number[]): number {
  let mixed = 0;
  for (const turn of turns) mixed ^= (word >>> turn) | (word << (32 - turn));
  return mixed;
}

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor += 1) {
    if (number % divisor === 0) return false;
  }
  return true;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
