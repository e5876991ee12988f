import { describe, expect, it } from '@jest/globals';
import { kubeconfig } from './kubeconfig.ts';

const base = { server: 'https://10.99.1.1:6443', authority: 'CA' };

describe('kubeconfig', () => {
  it('points its current context at the server and the user', () => {
    const config = JSON.parse(kubeconfig({ ...base, credentials: { token: 'secret' } }));
    expect(config).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'world',
      contexts: [{ name: 'world', context: { cluster: 'world', user: 'world' } }],
      clusters: [
        { name: 'world', cluster: { server: base.server, 'certificate-authority-data': 'Q0E=' } },
      ],
      users: [{ name: 'world', user: { token: 'secret' } }],
    });
  });

  it('embeds a client certificate', () => {
    const credentials = { certificate: 'CERT', privateKey: 'KEY' };
    const config = JSON.parse(kubeconfig({ ...base, credentials }));
    expect(config.users[0].user).toEqual({
      'client-certificate-data': 'Q0VSVA==',
      'client-key-data': 'S0VZ',
    });
  });
});
