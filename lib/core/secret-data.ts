import { type KubeObject, recordIn } from './object.ts';

/** secretText returns a value of a Secret as text; undefined if the Secret does not have the key. */
export function secretText(secret: KubeObject | undefined, key: string): string | undefined {
  const value = recordIn(secret, 'data')?.[key];
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : undefined;
}

/** base64 encodes a text as in the data of a Secret. */
export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
