import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { connectManagement } from './management.ts';
import { optionsFrom } from './options.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

const folder = mkdtempSync(join(tmpdir(), 'managed-cluster-management-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function kubeconfig(name: string, cluster: object, context = 'c'): string {
  return file(
    name,
    JSON.stringify({
      'current-context': context,
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: 'https://own:6443', ...cluster } }],
      users: [{ name: 'u', user: { token: 't' } }],
    }),
  );
}

const WITH_DATA = kubeconfig('data', { 'certificate-authority-data': btoa(PEM) });

describe('connectManagement', () => {
  it.each<{ reason: string; argv: readonly string[]; endpoint: string; authority: string }>([
    {
      reason: 'all from the kubeconfig',
      argv: ['--kubeconfig', WITH_DATA],
      endpoint: 'https://own:6443',
      authority: PEM,
    },
    {
      reason: 'an authority in a file of the kubeconfig',
      argv: ['--kubeconfig', kubeconfig('path', { 'certificate-authority': file('ca1', PEM) })],
      endpoint: 'https://own:6443',
      authority: PEM,
    },
    {
      reason: 'what agents use is another way in',
      argv: [
        `--kubeconfig=${WITH_DATA}`,
        '--management-endpoint=https://outside:443',
        `--management-ca-file=${file('ca2', `${PEM}${PEM}`)}`,
      ],
      endpoint: 'https://outside:443',
      authority: `${PEM}${PEM}`,
    },
  ])('$reason', async ({ argv, endpoint, authority }) => {
    const management = await connectManagement(optionsFrom(argv, {}));
    expect([management.endpoint, management.authority]).toEqual([endpoint, authority]);
  });

  it.each<{ reason: string; argv: readonly string[]; says: string }>([
    {
      reason: 'no authority',
      argv: ['--kubeconfig', kubeconfig('none', {})],
      says: 'set --management-ca-file',
    },
    {
      reason: 'a file that is none',
      argv: ['--kubeconfig', WITH_DATA, '--management-ca-file', file('key', 'secret')],
      says: 'contains no PEM certificate',
    },
    {
      reason: 'no such file',
      argv: ['--kubeconfig', WITH_DATA, '--management-ca-file', join(folder, 'gone')],
      says: 'cannot read the certificate authority in',
    },
    {
      reason: 'no such context',
      argv: ['--kubeconfig', kubeconfig('context', {}, 'other')],
      says: 'no current context with a cluster',
    },
  ])('refuses $reason', async ({ argv, says }) => {
    await expect(connectManagement(optionsFrom(argv, {}))).rejects.toThrow(says);
  });
});
