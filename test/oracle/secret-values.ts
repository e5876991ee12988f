/** SecretObject is a Secret of `v1` as a server answers it: values in base64. */
export interface SecretObject {
  readonly metadata: { readonly name?: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** SecretValue is something that must stand in no other place, and where it comes from. */
export interface SecretValue {
  /** `namespace/name key`: told in findings instead of the value. */
  readonly origin: string;
  readonly value: string;
}

/** Keys whose whole value is a credential. */
const TELLING_KEYS = /^(token|password|passphrase|aws_secret_access_key)$/i;

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----([\s\S]+?)-----END/g;
const KUBECONFIG_CREDENTIAL = /(?:client-key-data|token|password)["']?:\s*["']?([\w.+/=-]{16,})/g;

/** Shorter ones would be found by chance. */
const SHORTEST = 16;

/**
 * secretValues are the credentials in Secrets: private keys and what a kubeconfig logs in with,
 * wherever they stand in a value, and the values of keys such as `token`. Certificates are public.
 */
export function secretValues(secrets: readonly SecretObject[]): readonly SecretValue[] {
  const found = secrets.flatMap(({ metadata, data = {} }) =>
    Object.entries(data).flatMap(([key, encoded]) => {
      const text = Buffer.from(encoded, 'base64').toString('utf8');
      const origin = `${metadata.namespace ?? ''}/${metadata.name ?? ''} ${key}`;
      const whole = TELLING_KEYS.test(key) ? [text] : [];
      return [...whole, ...credentialsIn(text)].map((value) => ({ origin, value }));
    }),
  );
  const unique = new Map(found.map((one) => [one.value, one]));
  return [...unique.values()].filter(({ value }) => value.length >= SHORTEST);
}

function credentialsIn(text: string): readonly string[] {
  const keys = [...text.matchAll(PRIVATE_KEY)].map(([, body = '']) => longestLine(body));
  const logins = [...text.matchAll(KUBECONFIG_CREDENTIAL)].map(([, login = '']) => login);
  return [...keys, ...logins.flatMap(withContent)];
}

/** What stands in the client-key-data of a kubeconfig is a private key once more in base64. */
function withContent(login: string): readonly string[] {
  const text = Buffer.from(login, 'base64').toString('utf8');
  const keys = [...text.matchAll(PRIVATE_KEY)].map(([, body = '']) => longestLine(body));
  return [login, ...keys];
}

/** One line of a key is enough to know it by, and no line break of JSON or YAML can hide it. */
function longestLine(body: string): string {
  const lines = body.split(/\s+|\\n/).toReversed();
  return lines.reduce((longest, line) => (line.length > longest.length ? line : longest), '');
}

/** Characters of a value that are looked for; of a longer one its middle. */
const LOOKED_FOR = 60;

/**
 * needlesOf are the texts that give a value away: itself, and its three forms in base64, one for
 * each place at which it may begin in a longer text.
 */
export function needlesOf(value: string): readonly string[] {
  const start = Math.max(0, Math.floor((value.length - LOOKED_FOR) / 2));
  const part = value.slice(start, start + LOOKED_FOR);
  const encoded = [0, 1, 2].map((shift) => {
    const text = Buffer.from(' '.repeat(shift) + part).toString('base64');
    return text.replace(/=+$/, '').slice(shift === 0 ? 0 : shift + 1, -2);
  });
  return [part, ...encoded];
}
