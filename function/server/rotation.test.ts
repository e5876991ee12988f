import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import { serve } from './serve.ts';
import { filesOf } from '../../lib/program/testing/certificate-directory.ts';
import { issueCa, issueLeaf, issueServer } from '../../lib/program/testing/certificates.ts';
import {
  aRequest,
  call,
  echo,
  recordingLog,
  testOptions,
  until,
} from '../testing/server/harness.ts';
import { startMutualTlsServer } from '../testing/server/mutual-tls-server.ts';
import type { MutualTlsServer } from '../testing/server/mutual-tls-server.ts';

const ca = await issueCa();
const newCa = await issueCa();
const newServer = await issueServer(newCa);
const [client, newClient] = [await issueLeaf(ca), await issueLeaf(newCa)];
const { key: foreignKey } = await issueServer(ca);
let server: MutualTlsServer;

beforeEach(async () => {
  server = await startMutualTlsServer(ca);
});

afterEach(() => server.stop());

describe('rotation of certificates', () => {
  it('takes a new CA and server certificate while it runs; the old CA is refused', async () => {
    const old = server.clientWith(client);
    await call(old, aRequest('before'));
    await server.directory.replace(filesOf(newServer, newCa.cert));
    await until(() => server.logged('certificates reloaded'));

    const fresh = server.clientWith(newClient, newCa);
    await expect(call(fresh, aRequest('after'))).resolves.toMatchObject({ meta: { tag: 'after' } });
    const late = server.clientWith(client, newCa);
    await expect(call(late, aRequest('late'))).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect(server.lines.at(-1)).toMatchObject({ reason: 'not signed by a certificate of ca.crt' });
    // The connection that was there is not dropped.
    await expect(call(old, aRequest('still'))).resolves.toMatchObject({ meta: { tag: 'still' } });
  });

  it.each<{ reason: string; files: Readonly<Record<string, string>>; want: string }>([
    {
      reason: 'a key of another certificate',
      files: { ...filesOf(newServer, newCa.cert), 'tls.key': foreignKey },
      want: 'tls.key does not belong to tls.crt',
    },
    {
      reason: 'a certificate cut off',
      files: { ...filesOf(newServer, newCa.cert), 'tls.crt': newServer.cert.slice(0, 200) },
      want: 'tls.crt contains no certificate',
    },
    {
      reason: 'an empty key',
      files: { ...filesOf(newServer, newCa.cert), 'tls.key': '' },
      want: 'tls.key contains no private key',
    },
    {
      reason: 'an empty CA',
      files: { ...filesOf(newServer, newCa.cert), 'ca.crt': '' },
      want: 'ca.crt contains no certificate',
    },
    {
      reason: 'a broken CA in the bundle',
      files: filesOf(
        newServer,
        newCa.cert + newCa.cert.replace('MII', 'AAA').replace(/\nM/, '\nA'),
      ),
      want: 'ca.crt contains an invalid certificate',
    },
    {
      reason: 'a file that is not there',
      files: { 'tls.crt': newServer.cert, 'ca.crt': newCa.cert },
      want: 'cannot read tls.key',
    },
  ])(
    'keeps the old set when the new one has $reason, and takes the next',
    async ({ files, want }) => {
      await server.directory.replace(files);
      await until(() =>
        server.logged('the new certificates are invalid; the old ones stay in use'),
      );
      expect(String(server.lines.at(-1)?.['error'])).toContain(want);
      expect(JSON.stringify(server.lines)).not.toContain('PRIVATE');
      await expect(call(server.clientWith(client), aRequest('t'))).resolves.toBeDefined();
      // Polled again, it is not logged again.
      const before = server.lines.length;
      await delay(200);
      expect(server.lines.slice(before).filter(({ severity }) => severity === 'ERROR')).toEqual([]);

      await server.directory.replace(filesOf(newServer, newCa.cert));
      await until(() => server.logged('certificates reloaded'));
      await expect(call(server.clientWith(newClient, newCa), aRequest('t'))).resolves.toBeDefined();
    },
  );

  it('sees files written in place', async () => {
    await writeFile(join(server.directory.path, 'ca.crt'), newCa.cert);
    await until(() => server.logged('certificates reloaded'));
    await expect(call(server.clientWith(newClient), aRequest('t'))).resolves.toBeDefined();
  });
});

describe('start', () => {
  it('rejects when the certificates are not there, and names the directory and the file', async () => {
    const certsDir = join(server.directory.path, 'nowhere');
    const { log } = recordingLog();
    const started = serve({
      run: echo,
      log,
      options: testOptions({ kind: 'MutualTls', certsDir }),
    });
    await expect(started).rejects.toThrow(`cannot use the certificates in ${certsDir}`);
  });
});
