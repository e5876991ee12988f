import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** KEY_BYTES is the length of a key. */
export const KEY_BYTES = 32;

const ID_BYTES = 8;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** Key is a secret key that only the provider has. */
export interface Key {
  /** Identifies it without revealing it; what is sealed with it bears this. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** Keyring holds all keys of the provider, the newest first: it seals with that one, and opens with each. */
export type Keyring = readonly [Key, ...(readonly Key[])];

/** SealError says that something was not sealed for this purpose by a known key, or was changed since. */
export class SealError extends Error {
  /** The key is not known: it was lost, or never existed. */
  readonly keyUnknown: boolean;

  constructor(message: string, keyUnknown: boolean) {
    super(message);
    this.keyUnknown = keyUnknown;
  }
}

/** keyFrom returns a key from its bytes; undefined if their number is wrong. */
export function keyFrom(bytes: Buffer): Key | undefined {
  if (bytes.length !== KEY_BYTES) return undefined;
  const id = createHash('sha256').update('id').update(bytes).digest('hex').slice(0, ID_BYTES);
  return { id, bytes };
}

/** signatureOf returns `<key id>:<HMAC-SHA256>` over a text; `purpose` says what it is and whose. */
export function signatureOf([key]: Keyring, purpose: string, text: string | Buffer): string {
  return `${key.id}:${macOf(key, purpose, text).toString('hex')}`;
}

/**
 * Verifies a signature.
 *
 * @throws SealError if it is not that of the text.
 */
export function verifySignature(
  keys: Keyring,
  purpose: string,
  { text, signature }: { readonly text: string | Buffer; readonly signature: string },
): void {
  const [id = '', mac = ''] = signature.split(':');
  const wanted = macOf(keyNamed(keys, id), purpose, text);
  const given = Buffer.from(mac, 'hex');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new SealError('its signature does not match its content', false);
  }
}

/** digestOf identifies a content to who has the key, and reveals nothing of it to anybody else. */
export function digestOf([key]: Keyring, purpose: string, text: string): string {
  return macOf(key, `digest ${purpose}`, text).toString('hex');
}

/** sealed encrypts and authenticates bytes with the newest key, by AES-256-GCM. */
export function sealed([key]: Keyring, purpose: string, bytes: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, derived(key, 'seal'), iv).setAAD(Buffer.from(purpose));
  const text = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([Buffer.from(key.id, 'ascii'), iv, cipher.getAuthTag(), text]);
}

/**
 * Decrypts what {@link sealed} returned for the same purpose.
 *
 * @throws SealError if it was not sealed for this purpose by a known key, or was changed.
 */
export function unsealed(keys: Keyring, purpose: string, bytes: Buffer): Buffer {
  const key = keyNamed(keys, bytes.subarray(0, ID_BYTES).toString('ascii'));
  const iv = bytes.subarray(ID_BYTES, ID_BYTES + IV_BYTES);
  const start = ID_BYTES + IV_BYTES + TAG_BYTES;
  try {
    const decipher = createDecipheriv(CIPHER, derived(key, 'seal'), iv, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(purpose));
    decipher.setAuthTag(bytes.subarray(ID_BYTES + IV_BYTES, start));
    return Buffer.concat([decipher.update(bytes.subarray(start)), decipher.final()]);
  } catch {
    throw new SealError('it was changed, or sealed for something else', false);
  }
}

function keyNamed(keys: Keyring, id: string): Key {
  const key = keys.find((one) => one.id === id);
  if (key !== undefined) return key;
  const name = /^[0-9a-f]{8}$/.test(id)
    ? `key ${id}, which is not known`
    : 'no key of the provider';
  throw new SealError(`it was sealed with ${name}`, true);
}

function macOf(key: Key, purpose: string, text: string | Buffer): Buffer {
  const mac = createHmac('sha256', derived(key, 'sign'));
  // The length keeps purpose and text apart.
  return mac.update(`${purpose.length}:${purpose}`).update(text).digest();
}

function derived({ bytes }: Key, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', bytes, '', `managedcluster.io/${use}`, KEY_BYTES));
}
