import { type KubeObject, recordIn } from './object.ts';

/** secretText is a value of a Secret as text; undefined when the Secret has no such key. */
export function secretText(secret: KubeObject | undefined, key: string): string | undefined {
  const value = recordIn(secret, 'data')?.[key];
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : undefined;
}

/** base64 is a text as it stands in the data of a Secret. */
export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
