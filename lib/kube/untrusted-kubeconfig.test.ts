import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { fc } from '../../test/properties.ts';
import {
  kubeconfigText,
  readUntrustedKubeconfig,
  RefusedKubeconfigError,
} from './untrusted-kubeconfig.ts';

const SECRET = 'very-secret-value';
const PEM = Buffer.from(`-----BEGIN X-----\n${SECRET}`).toString('base64');
const SERVER = 'https://10.0.0.1:6443';

interface Parts {
  readonly cluster?: object;
  readonly user?: object;
  readonly more?: object;
}

function config({ cluster, user, more }: Parts = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: SERVER, ...cluster } }],
    users: [{ name: 'u', user: { token: SECRET, ...user } }],
    ...more,
  };
}

function read(text: string): ReturnType<typeof readUntrustedKubeconfig> {
  return readUntrustedKubeconfig(text, 'Secret team/demo');
}

function errorOf(text: string): Error {
  try {
    read(text);
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was taken');
}

/** The reason for the rejection, if it quotes nothing and has no cause that does. */
function refusal(text: string): string {
  const { message, stack, cause } = errorOf(text);
  const quotes = `${message} ${stack}`.includes(SECRET) || cause !== undefined;
  return quotes ? 'something of it is quoted' : message;
}

/** All fields of client-go tools/clientcmd/api/v1 (v0.35), with a value of the right type. */
const CLUSTER: readonly (readonly [string, unknown, boolean])[] = [
  ['server', SERVER, true],
  ['tls-server-name', 'api.example', true],
  ['insecure-skip-tls-verify', true, false],
  ['certificate-authority', '/ca.crt', false],
  ['certificate-authority-data', PEM, true],
  ['proxy-url', 'http://10.0.0.2', false],
  ['disable-compression', true, false],
  ['extensions', [{ name: 'x', extension: {} }], false],
];
const USER: readonly (readonly [string, unknown, boolean])[] = [
  ['client-certificate', '/tls.crt', false],
  ['client-certificate-data', PEM, true],
  ['client-key', '/tls.key', false],
  ['client-key-data', PEM, true],
  ['token', SECRET, true],
  ['tokenFile', '/token', false],
  ['as', 'admin', false],
  ['as-uid', '1', false],
  ['as-groups', ['system:masters'], false],
  ['as-user-extra', { a: ['b'] }, false],
  ['username', 'admin', false],
  ['password', SECRET, false],
  ['auth-provider', { name: 'oidc', config: {} }, false],
  ['exec', { command: 'sh', args: [SECRET] }, false],
  ['extensions', [{ name: 'x', extension: {} }], false],
  // Not in client-go: the older spelling, which other clients accept.
  ['token-file', '/token', false],
];
const FIELDS = [
  ...CLUSTER.map(([field, value, allowed]) => ({ part: 'cluster', field, value, allowed })),
  ...USER.map(([field, value, allowed]) => ({ part: 'user', field, value, allowed })),
];
const REFUSED = FIELDS.filter(({ allowed }) => !allowed);

describe('fields of client-go', () => {
  it.each(FIELDS.filter(({ allowed }) => allowed))('$part.$field is accepted', (one) => {
    const { part, field, value } = one;
    const taken = read(JSON.stringify(config({ [part]: { [field]: value } })));
    expect(Object.values(taken)).toContain(value);
  });

  it.each(REFUSED)('$part.$field is rejected, and named in the error', ({ part, field, value }) => {
    const text = JSON.stringify(config({ [part]: { [field]: value } }));
    expect(refusal(text)).toContain(`it has ${field} (instead: `);
    expect(errorOf(text)).toBeInstanceOf(RefusedKubeconfigError);
  });

  it.each(REFUSED)('$part.$field is rejected if it is empty', ({ part, field }) => {
    const values = [null, '', false, {}, []];
    const messages = values.map(
      (value) => errorOf(stringify(config({ [part]: { [field]: value } }))).message,
    );
    expect(messages).toEqual(values.map(() => expect.stringContaining(`it has ${field} `)));
  });

  it.each(REFUSED)('$part.$field is rejected in an unused entry', (one) => {
    const { part, field, value } = one;
    const list = part === 'cluster' ? 'clusters' : 'users';
    const whole = config() as Record<string, unknown[]>;
    const entry = { name: 'other', [part]: { server: SERVER, [field]: value } };
    const more = { [list]: [...(whole[list] ?? []), entry] };
    expect(refusal(JSON.stringify(config({ more })))).toContain(field);
  });

  it.each(FIELDS.filter(({ allowed }) => allowed))(
    '$part.$field is rejected anywhere else',
    (one) => {
      const other = one.part === 'cluster' ? 'user' : 'cluster';
      const text = JSON.stringify(config({ [other]: { [one.field]: one.value } }));
      expect(refusal(text)).toContain('a field that kubectl does not know');
    },
  );
});

function outcomeOf(text: string): unknown {
  try {
    return read(text);
  } catch (error) {
    return (error as Error).name;
  }
}

it('accepts only the allowed fields, whatever else exists', () => {
  const extra = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 });
  const plain = read(JSON.stringify(config()));
  const known = ['server', 'certificate-authority-data', 'tls-server-name', 'token'];
  const own = [...known, 'client-certificate-data', 'client-key-data'];
  fc.assert(
    fc.property(extra, extra, extra, extra, (cluster, user, context, top) => {
      const whole = {
        ...top,
        ...config({ cluster: { ...cluster, server: SERVER }, user: { ...user, token: SECRET } }),
        contexts: [{ ...context, name: 'c', context: { ...context, cluster: 'c', user: 'u' } }],
      };
      const foreign = [...Object.keys(cluster), ...Object.keys(user)].some(
        (key) => !own.includes(key),
      );
      const text = JSON.stringify(whole);
      expect(outcomeOf(text)).toEqual(foreign ? 'RefusedKubeconfigError' : plain);
    }),
  );
});

describe('values', () => {
  const TEXTS = FIELDS.filter(({ allowed }) => allowed);

  it.each(TEXTS)('$part.$field must be a text', ({ part, field }) => {
    for (const value of [null, 12345, true, ['a'], { a: 'b' }]) {
      const text = stringify(config({ [part]: { [field]: value } }));
      expect(refusal(text)).toContain(`every ${field} in it must be a string`);
    }
  });

  it.each([
    ['cluster', 'server', 'http://10.0.0.1'],
    ['cluster', 'server', 'file:///etc/passwd'],
    ['cluster', 'server', ''],
    ['cluster', 'server', `https://admin:${SECRET}@10.0.0.1`],
    ['cluster', 'server', `https://10.0.0.1/?a=${SECRET}`],
    ['cluster', 'server', 'https://10.0.0.1/#a'],
    ['cluster', 'certificate-authority-data', `-----BEGIN ${SECRET}`],
    ['cluster', 'tls-server-name', `a ${SECRET}`],
    ['user', 'token', `${SECRET}\r\nimpersonate-user: admin`],
    ['user', 'token', `${SECRET}\u001b[2J`],
    ['user', 'client-certificate-data', '/var/run/secrets/token.crt'],
    ['user', 'client-key-data', `{${SECRET}}`],
  ])('%s.%s is not %s', (part, field, value) => {
    expect(refusal(JSON.stringify(config({ [part]: { [field]: value } })))).toContain(
      `every ${field} in it`,
    );
  });

  it.each([
    ['https://h:6443/', 'https://h:6443'],
    ['HTTPS://h/k8s/clusters/a/?', 'https://h/k8s/clusters/a'],
    ['https://[::1]:6443', 'https://[::1]:6443'],
  ])('the server %s is %s', (server, taken) => {
    expect(read(JSON.stringify(config({ cluster: { server } }))).server).toBe(taken);
  });

  it('count as absent if they are empty, as in kubectl', () => {
    const cluster = { 'certificate-authority-data': '', 'tls-server-name': '' };
    const taken = read(JSON.stringify(config({ cluster, user: { token: '' } })));
    expect(taken).toEqual({ server: SERVER });
  });
});

describe('documents that parsers read differently', () => {
  const whole = stringify(config());

  it.each([
    ['no YAML', `a: b: ${SECRET}`],
    ['a text', SECRET],
    ['nothing', ''],
    ['two documents', `${whole}---\n${whole}`],
    ['a key twice', `${whole}current-context: c\n`],
    ['a directive', `%YAML 1.1\n---\n${whole}`],
    ['an anchor', whole.replace('users:', 'users: &a')],
    ['a tag', whole.replace(SECRET, `!!str ${SECRET}`)],
    ['a merge of an alias', `${whole}x: &x {exec: {}}\ny: {<<: *x}\n`],
    ['a list with something else', JSON.stringify(config({ more: { users: ['u'] } }))],
    ['a map for a list', JSON.stringify(config({ more: { users: { u: { user: {} } } } }))],
    ['no users', JSON.stringify(config({ more: { users: undefined } }))],
    ['a name twice', JSON.stringify(config({ more: { users: [1, 2].map(() => aUser()) } }))],
    ['no current context', JSON.stringify(config({ more: { 'current-context': 'x' } }))],
    ['no such user', JSON.stringify(config({ more: { users: [] } }))],
  ])('%s', (_reason, text) => {
    expect(refusal(text)).toContain('it is not valid YAML');
  });

  function aUser(): object {
    return { name: 'u', user: { token: SECRET } };
  }

  it('a merge key is a field like any other', () => {
    const text = whole.replace('token:', '<<: {exec: {command: sh}}\n      token:');
    expect(refusal(text)).toContain('a field that kubectl does not know');
  });
});

describe('kubeconfigText', () => {
  it('contains the accepted content, with the names of Cluster API', () => {
    const cluster = { 'certificate-authority-data': PEM, 'tls-server-name': 'api.example' };
    const user = { 'client-certificate-data': PEM, 'client-key-data': PEM };
    const taken = read(stringify(config({ cluster, user })));
    const text = kubeconfigText(taken, 'demo');
    expect(read(text)).toEqual(taken);
    expect(JSON.parse(text)).toMatchObject({
      'current-context': 'demo-admin@demo',
      users: [{ name: 'demo-admin' }],
    });
  });
});
