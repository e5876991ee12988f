import { describe, expect, it } from '@jest/globals';
import type { ManagedClusterSpec } from '../../lib/apis/managed-cluster.generated.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { SSH_KEYS } from './requirements.ts';
import { sshKeysOf } from './ssh-keys.ts';
import { aScene } from '../testing/scenes.ts';

const TARGET = { name: 'demo', namespace: 'team-a' };
const REF = { user: 'ops', secretRef: { name: 'keys' } };

function secret(data: Readonly<Record<string, unknown>>): KubeObject {
  const annotations = { 'managedcluster.io/usable-by': 'other, demo' };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'team-a', name: 'keys', annotations },
    data,
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function keysOf(ssh: ManagedClusterSpec['ssh'], ...secrets: readonly KubeObject[]) {
  const { observed } = aScene().answer(SSH_KEYS, ...secrets);
  const spec = (ssh === undefined ? {} : { ssh }) as ManagedClusterSpec;
  return sshKeysOf(spec, TARGET, observed);
}

describe('sshKeysOf', () => {
  it.each([
    { reason: 'no ssh at all', ssh: undefined, secrets: [], want: [] },
    {
      reason: 'keys in the claim',
      ssh: { user: 'ops', authorizedKeys: ['a', 'b'] },
      secrets: [],
      want: ['a', 'b'],
    },
    {
      reason: 'keys in a Secret: lines, without comments, blanks and carriage returns',
      ssh: REF,
      secrets: [secret({ authorizedKeys: base64('ssh-a x\r\n\n# note\n  ssh-b y  \n') })],
      want: ['ssh-a x', 'ssh-b y'],
    },
    {
      reason: 'an empty Secret gives none',
      ssh: REF,
      secrets: [secret({ authorizedKeys: '' })],
      want: [],
    },
  ])('$reason', ({ ssh, secrets, want }) => {
    expect(keysOf(ssh, ...secrets)).toEqual({ keys: want, problems: [] });
  });

  it.each([
    {
      reason: 'there is no Secret',
      secrets: [],
      want: 'spec.ssh.secretRef: Secret team-a/keys does not exist: create it with the key authorizedKeys',
    },
    {
      reason: 'it has not the key',
      secrets: [secret({ other: base64('x') })],
      want: 'spec.ssh.secretRef: Secret team-a/keys has no key authorizedKeys: add the key with public keys, one per line',
    },
    {
      reason: 'it has no data',
      secrets: [{ ...secret({}), data: undefined }],
      want: 'spec.ssh.secretRef: Secret team-a/keys has no key authorizedKeys: add the key with public keys, one per line',
    },
    {
      reason: 'it holds a private key, which is not repeated',
      secrets: [
        secret({ authorizedKeys: base64('-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n') }),
      ],
      want: 'spec.ssh.secretRef: Secret team-a/keys contains a private key in authorizedKeys: replace it with public keys',
    },
  ])('waits when $reason', ({ secrets, want }) => {
    expect(keysOf(REF, ...secrets)).toEqual({
      keys: [],
      problems: [{ reason: 'SecretNotFound', message: want, awaited: true }],
    });
  });

  it('gives away no Secret of others', () => {
    const { metadata, ...rest } = secret({ authorizedKeys: base64('not a key, but a password') });
    const theirs = { ...rest, metadata: { ...metadata, annotations: {} } };
    const want =
      "spec.ssh.secretRef: Secret team-a/keys does not allow cluster demo to use it: if its owner agrees, run kubectl -n team-a annotate secret keys managedcluster.io/usable-by='demo' --overwrite";
    expect(keysOf(REF, theirs)).toEqual({
      keys: [],
      problems: [{ reason: 'SecretNotAllowed', message: want, awaited: true }],
    });
  });
});
