import { describe, expect, it } from '@jest/globals';
import { resolveContext, merged, rawConfig } from './raw-config.ts';

function aConfig(name: string, current = name): object {
  return {
    'current-context': current,
    clusters: [{ name, cluster: { server: `https://${name}`, 'certificate-authority': 'ca.crt' } }],
    users: [{ name, user: { token: `token of ${name}`, tokenFile: '/run/token' } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: `ns-${name}` } }],
  };
}

describe('rawConfig', () => {
  it('takes paths from the folder of its file', () => {
    const { cluster, user } = resolveContext(rawConfig(aConfig('a'), '/etc/kube/config'));
    expect(cluster['certificate-authority']).toBe('/etc/kube/ca.crt');
    expect(user.tokenFile).toBe('/run/token');
  });

  it('rejects a document that is not a kubeconfig', () => {
    expect(() => rawConfig('text')).toThrow('it is not a kubeconfig');
  });
});

describe('merged', () => {
  const first = rawConfig(aConfig('a'));
  const second = rawConfig({
    ...aConfig('b'),
    users: [...(aConfig('a') as { users: object[] }).users, { name: 'b', user: {} }],
  });

  it.each([
    {
      reason: 'the first file that has a current context wins',
      context: undefined,
      server: 'https://a',
    },
    { reason: 'a context can be chosen', context: 'b', server: 'https://b' },
  ])('$reason', ({ context, server }) => {
    const { cluster, namespace } = resolveContext(merged([first, second], context));
    expect(cluster.server).toBe(server);
    expect(namespace).toBe(`ns-${server.slice(-1)}`);
  });

  it('keeps the first of two entries with one name, as kubectl does', () => {
    const other = rawConfig({
      ...aConfig('a'),
      clusters: [{ name: 'a', cluster: { server: 'https://other' } }],
    });
    expect(resolveContext(merged([first, other], undefined)).cluster.server).toBe('https://a');
  });

  it('lists the existing contexts when the requested one does not exist', () => {
    expect(() => resolveContext(merged([first, second], 'x'))).toThrow(
      'no context x with a cluster; existing contexts: a, b',
    );
  });
});
