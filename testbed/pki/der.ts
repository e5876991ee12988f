/** Der is one encoded value of ASN.1's distinguished encoding rules (ITU-T X.690). */
export type Der = Buffer;

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A value with its tag and length. */
export function tagged(tag: number, content: Uint8Array): Der {
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

/** SEQUENCE of the given values. */
export function sequence(...values: readonly Der[]): Der {
  return tagged(TAG.sequence, Buffer.concat(values));
}

/** SET of the given values, of which there must be one: more would have to be sorted. */
export function setOf(value: Der): Der {
  return tagged(TAG.set, value);
}

/** INTEGER of a big-endian number that is positive. */
export function integer(bytes: Uint8Array): Der {
  const first = bytes[0] ?? 0;
  return tagged(TAG.integer, first < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]));
}

/** BOOLEAN TRUE; FALSE is always a default, and defaults are left out. */
export function yes(): Der {
  return tagged(TAG.boolean, Buffer.from([0xff]));
}

/** BIT STRING of whole bytes, of which the last has `unused` bits that do not count. */
export function bitString(bytes: Uint8Array, unused = 0): Der {
  return tagged(TAG.bitString, Buffer.concat([Buffer.from([unused]), bytes]));
}

/** OCTET STRING. */
export function octetString(bytes: Uint8Array): Der {
  return tagged(TAG.octetString, bytes);
}

/** UTF8String. */
export function utf8String(text: string): Der {
  return tagged(TAG.utf8String, Buffer.from(text));
}

/** GeneralizedTime in UTC, whole seconds. */
export function generalizedTime(time: Date): Der {
  const digits = time.toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return tagged(TAG.generalizedTime, Buffer.from(`${digits}Z`));
}

/** OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(TAG.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(part: number): number[] {
  const bytes = [part & 0x7f];
  for (let left = part >>> 7; left > 0; left >>>= 7) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}

/** The values inside a constructed value, each with its tag and length. */
export function children(value: Der): Der[] {
  const found: Der[] = [];
  let rest = value.subarray(headerLength(value));
  while (rest.length > 0) {
    const end = headerLength(rest) + contentLength(rest);
    found.push(rest.subarray(0, end));
    rest = rest.subarray(end);
  }
  return found;
}

function headerLength(value: Der): number {
  const first = value[1] ?? 0;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

function contentLength(value: Der): number {
  const first = value[1] ?? 0;
  return first < 0x80 ? first : value.readUIntBE(2, first & 0x7f);
}
