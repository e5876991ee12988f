/** Cursor is a position in the bytes of a protobuf message. */
export interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

/** The protobuf wire types. */
const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH = 2;
const FOUR_BYTES = 5;

/** Maximum nesting of objects and lists; no Kubernetes schema comes close. */
const DEEPEST = 100;

/** Longer texts are decoded faster by Node, shorter ones in JavaScript. */
const SHORT = 24;

/**
 * readVarint reads a number; in fn.proto these are lengths, tags and enums.
 *
 * @throws Error if the message ends before the number
 */
export function readVarint(cursor: Cursor): number {
  let number = 0;
  for (let factor = 1; factor < 2 ** 63; factor *= 128) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined) throw new Error('the message ends too early');
    cursor.at += 1;
    number += (byte & 127) * factor;
    if (byte < 128) return number;
  }
  throw new Error('the message has a number of more than 64 bits');
}

/** readEnd reads the length of the next value and returns its end. */
export function readEnd(cursor: Cursor): number {
  const length = readVarint(cursor);
  const end = cursor.at + length;
  if (end > cursor.bytes.length) throw new Error('the message ends too early');
  return end;
}

/** readText reads a text in UTF-8. */
export function readText(cursor: Cursor): string {
  const end = readEnd(cursor);
  const { bytes, at } = cursor;
  cursor.at = end;
  if (end - at > SHORT) return bytes.toString('utf8', at, end);
  let text = '';
  for (let index = at; index < end; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte > 127) return bytes.toString('utf8', at, end);
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Negative numbers have ten bytes, more than a JavaScript number can represent. */
function skipVarint(cursor: Cursor): void {
  for (let length = 1; length <= 10; length += 1) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined) throw new Error('the message ends too early');
    cursor.at += 1;
    if (byte < 128) return;
  }
  throw new Error('the message has a number of more than 64 bits');
}

/** skipField skips an unknown field. */
export function skipField(cursor: Cursor, tag: number): void {
  const wire = tag % 8;
  if (wire === VARINT) skipVarint(cursor);
  else if (wire === EIGHT_BYTES) cursor.at += 8;
  else if (wire === LENGTH) cursor.at = readEnd(cursor);
  else if (wire === FOUR_BYTES) cursor.at += 4;
  else throw new Error(`the message has a field of the unknown wire type ${wire}`);
}

/**
 * readStruct reads a `google.protobuf.Struct` as a JSON object. `managedFields` is half of what Crossplane
 * sends and is rarely used, so it is decoded lazily.
 */
export function readStruct(cursor: Cursor, depth = 0): Record<string, unknown> {
  const end = readEnd(cursor);
  const object: Record<string, unknown> = {};
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === 10) readEntry(cursor, object, depth);
    else skipField(cursor, tag);
  }
  return object;
}

function readEntry(cursor: Cursor, object: Record<string, unknown>, depth: number): void {
  const end = readEnd(cursor);
  let key = '';
  let valueAt = -1;
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === 10) {
      key = readText(cursor);
    } else {
      if (tag === 18) valueAt = cursor.at;
      skipField(cursor, tag);
    }
  }
  if (valueAt === -1) return;
  const there = { bytes: cursor.bytes, at: valueAt };
  if (key === 'managedFields') defer(object, key, () => readValue(there, depth));
  else set(object, key, readValue(there, depth));
}

function set(object: Record<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) return;
  if (key === '__proto__') define(object, key, value);
  else object[key] = value;
}

function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function defer(object: object, key: string, read: () => unknown): void {
  Object.defineProperty(object, key, {
    get() {
      const value = read();
      define(object, key, value);
      return value;
    },
    enumerable: true,
    configurable: true,
  });
}

/** Undefined is a Value without a kind; if it has several kinds, the last one wins. */
function readValue(cursor: Cursor, depth: number): unknown {
  if (depth > DEEPEST) {
    throw new Error(
      `an object is nested more than ${DEEPEST} deep: check spec.overrides[].patch of the claim`,
    );
  }
  const end = readEnd(cursor);
  let value: unknown;
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === 26) value = readText(cursor);
    else if (tag === 42) value = readStruct(cursor, depth + 1);
    else if (tag === 50) value = readList(cursor, depth + 1);
    else value = readScalar(cursor, tag, value);
  }
  return value;
}

function readScalar(cursor: Cursor, tag: number, otherwise: unknown): unknown {
  switch (tag) {
    case 8:
      readVarint(cursor);
      return null;
    case 17:
      cursor.at += 8;
      return cursor.bytes.readDoubleLE(cursor.at - 8);
    case 32:
      return readVarint(cursor) !== 0;
    default:
      skipField(cursor, tag);
      return otherwise;
  }
}

function readList(cursor: Cursor, depth: number): readonly unknown[] {
  const end = readEnd(cursor);
  const list: unknown[] = [];
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === 10) list.push(readValue(cursor, depth));
    else skipField(cursor, tag);
  }
  return list;
}
