import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { serverIdentity } from '../../test/fake/server-identity.ts';
import type { ServerIdentity } from '../../test/fake/scripted-server.ts';
import { untrustedClient } from './untrusted-client.ts';
import type { UntrustedKubeconfig } from './untrusted-kubeconfig.ts';

let identity: ServerIdentity;
let other: ServerIdentity;
beforeAll(async () => {
  identity = await serverIdentity('api.example');
  other = await serverIdentity('client.example');
});

let server: Server;
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

/**
 * The credentials that a client presents to a server that requests a certificate; the response of the
 * server to `/who`.
 */
async function shown(change: Partial<UntrustedKubeconfig>): Promise<unknown> {
  const { certificate: cert, privateKey: key } = identity;
  server = createServer({ cert, key, requestCert: true, rejectUnauthorized: false }, (req, res) => {
    const { subject } = (req.socket as TLSSocket).getPeerCertificate();
    const { authorization, 'user-agent': agent } = req.headers;
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify({ path: req.url, agent, authorization, certificate: subject?.CN }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const config: UntrustedKubeconfig = {
    server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authority: base64(identity.authority),
    tlsServerName: 'api.example',
    token: undefined,
    certificate: undefined,
    key: undefined,
    ...change,
  };
  return untrustedClient(config, { userAgent: 'me', timeoutMs: 2000 }).raw('GET', '/who');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('untrustedClient', () => {
  it('sends a token', async () => {
    const seen = { path: '/who', agent: 'me', authorization: 'Bearer t' };
    expect(await shown({ token: 't' })).toEqual(seen);
  });

  it('sends a client certificate, like that of Cluster API', async () => {
    const pair = { certificate: base64(other.certificate), key: base64(other.privateKey) };
    const seen = { path: '/who', agent: 'me', certificate: 'client.example' };
    expect(await shown(pair)).toEqual(seen);
  });

  it.each([
    { reason: 'another authority', change: () => ({ authority: base64(other.authority) }) },
    { reason: 'no authority of its own', change: () => ({ authority: undefined }) },
    { reason: 'an authority that is none', change: () => ({ authority: 'Y2E=' }) },
    { reason: 'another name', change: () => ({ tlsServerName: 'x.example' }) },
    { reason: 'no name for an address', change: () => ({ tlsServerName: undefined }) },
  ])('sends no credential to a server that it cannot trust: $reason', async ({ change }) => {
    await expect(shown({ token: 't', ...change() })).rejects.toThrow('cannot reach the API server');
  });
});
