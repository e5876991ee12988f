import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect as connectTls, createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import {
  CORE_SUBJECT,
  issueCa,
  issueLeaf,
  issueServer,
} from '../../lib/program/testing/certificates.ts';
import type { Pair } from '../../lib/program/testing/certificates.ts';
import { aRequest, call } from '../testing/server/harness.ts';
import { startMutualTlsServer } from '../testing/server/mutual-tls-server.ts';
import type { MutualTlsServer } from '../testing/server/mutual-tls-server.ts';

const AGO = new Date(Date.now() - 60_000);
const AHEAD = new Date(Date.now() + 60_000);

const ca = await issueCa();
const other = await issueCa({ subject: [{ CN: ['other'] }] });
const serverPair = await issueServer(ca);
const expired = await issueCa({ subject: [{ CN: ['expired'] }], notAfter: AGO });
/** Signed by the CA, but no CA itself. */
const intermediate = await issueLeaf(ca, { subject: [{ CN: ['intermediate'] }] });

let server: MutualTlsServer;

beforeEach(async () => {
  const bundle = [other, ca, expired, intermediate].map(({ cert }) => cert).join('some text\n');
  server = await startMutualTlsServer(ca, bundle);
});

afterEach(() => server.stop());

describe('a server with mutual TLS', () => {
  it.each<{ reason: string; client: () => Promise<Pair> }>([
    { reason: "core's own kind, with the subject of its CA", client: () => issueLeaf(ca) },
    { reason: 'another subject', client: () => issueLeaf(ca, { subject: [{ CN: ['someone'] }] }) },
    { reason: 'another CA of the bundle', client: () => issueLeaf(other) },
  ])('takes $reason', async ({ client }) => {
    const response = await call(server.clientWith(await client()), aRequest('t'));
    expect(response.meta?.tag).toBe('t');
  });

  it.each<{ reason: string; client?: () => Promise<Pair>; want: string }>([
    { reason: 'none', want: 'no client certificate' },
    {
      reason: 'a forged CA of the same name',
      client: async () => issueLeaf(await issueCa()),
      want: 'not signed by a certificate of ca.crt',
    },
    {
      reason: 'a self-signed one',
      client: () => issueCa(),
      want: 'not signed by a certificate of ca.crt',
    },
    {
      reason: 'a server certificate',
      client: () => issueLeaf(ca, { usage: 'server' }),
      want: 'not issued for client authentication',
    },
    {
      reason: 'no extended usage at all',
      client: () => issueLeaf(ca, { usage: 'none' }),
      want: 'not issued for client authentication',
    },
    {
      reason: 'the CA itself',
      client: async () => ca,
      want: 'not issued for client authentication',
    },
    {
      reason: 'an expired one',
      client: () => issueLeaf(ca, { notAfter: AGO }),
      want: 'expired or not valid yet',
    },
    {
      reason: 'one that begins later',
      client: () => issueLeaf(ca, { notBefore: AHEAD }),
      want: 'expired or not valid yet',
    },
    {
      reason: 'an expired CA',
      client: () => issueLeaf(expired),
      want: 'signed by a certificate of ca.crt that has expired or is not a CA',
    },
    {
      reason: 'a signer that is no CA',
      client: () => issueLeaf(intermediate),
      want: 'signed by a certificate of ca.crt that has expired or is not a CA',
    },
  ])('refuses $reason', async ({ client, want }) => {
    const refused = call(server.clientWith(await client?.()), aRequest('t'));
    await expect(refused).rejects.toMatchObject({ code: status.UNAVAILABLE });
    const refusal = server.lines.find(({ msg }) => msg === 'client refused');
    expect(refusal).toMatchObject({ severity: 'INFO', reason: want, peer: '127.0.0.1' });
    expect(JSON.stringify(server.lines)).not.toContain('CERTIFICATE');
    expect(server.calls()).toBe(0);
  });

  it("shows why the check is our own: Node refuses core's certificate", async () => {
    const strict = createServer({
      ...serverPair,
      ca: ca.cert,
      requestCert: true,
      rejectUnauthorized: false,
    });
    strict.listen(0, '127.0.0.1');
    await once(strict, 'listening');
    const core = await issueLeaf(ca, { subject: CORE_SUBJECT });
    const { port } = strict.address() as AddressInfo;
    const socket = connectTls({
      port,
      host: '127.0.0.1',
      ca: ca.cert,
      cert: core.cert,
      key: core.key,
    });
    const [accepted] = (await once(strict, 'secureConnection')) as [TLSSocket];
    expect(accepted.authorized).toBe(false);
    expect(accepted.authorizationError).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    socket.destroy();
    strict.close();
  });

  it('survives peers that break off the handshake or speak plain text', async () => {
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01', '']) {
      const socket = connectTcp(server.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(bytes, () => socket.resetAndDestroy());
    }
    await delay(50);
    const client = server.clientWith(await issueLeaf(ca));
    await expect(call(client, aRequest('t'))).resolves.toBeDefined();
  });
});
