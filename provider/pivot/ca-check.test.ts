import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import {
  scriptedServer,
  type ScriptedServer,
  type ServerIdentity,
} from '../../test/fake/scripted-server.ts';
import { serverIdentity } from '../../test/fake/server-identity.ts';
import { authorityOutcome } from './ca-check.ts';

let identity: ServerIdentity;
let other: ServerIdentity;
let server: ScriptedServer;
beforeAll(async () => {
  identity = await serverIdentity();
  other = await serverIdentity();
  server = await scriptedServer(() => ({}), identity);
});
afterAll(() => server.close());

function secret(name: string, key: string, text: string): KubeObject {
  const data = { [key]: Buffer.from(text).toString('base64') };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'team', name }, data };
}

/** The kubeconfig of the server with another user. */
function withUser(user: object): string {
  const config: object = JSON.parse(server.kubeconfig);
  return JSON.stringify({ ...config, users: [{ name: 'test', user }] });
}

interface Case {
  readonly reason: string;
  readonly authority?: () => string;
  readonly kubeconfig?: () => string;
  readonly outcome: object;
}

describe('authorityOutcome', () => {
  it.each<Case>([
    { reason: 'the authority has signed the certificate', outcome: { kind: 'Done' } },
    {
      reason: 'another one has',
      authority: () => other.authority,
      outcome: { kind: 'Stalled', reason: 'AuthorityMismatch' },
    },
    {
      reason: 'nobody answers',
      kubeconfig: () => server.kubeconfig.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'),
      outcome: { kind: 'Wait', reason: 'WorkloadUnreachable' },
    },
    {
      reason: 'the kubeconfig is none',
      kubeconfig: () => 'rubbish: [',
      outcome: {
        kind: 'Stalled',
        reason: 'KubeconfigUnreadable',
        message: expect.stringMatching(
          /^cannot use the kubeconfig in Secret demo-kubeconfig: it is not valid YAML.*: delete the Secret so that Cluster API creates it again$/,
        ),
      },
    },
    {
      reason: 'the kubeconfig would run a program',
      kubeconfig: () => withUser({ exec: { command: 'sh' } }),
      outcome: {
        kind: 'Stalled',
        reason: 'KubeconfigUnreadable',
        message: expect.stringContaining('it has exec (instead: '),
      },
    },
  ])('$reason', async ({ authority, kubeconfig, outcome }) => {
    const objects = [
      secret('demo-ca', 'tls.crt', authority?.() ?? identity.authority),
      secret('demo-kubeconfig', 'value', kubeconfig?.() ?? server.kubeconfig),
    ];
    expect(await authorityOutcome('demo', objects)).toMatchObject(outcome);
  });

  it('has nothing to verify for a cluster with an external authority', async () => {
    const objects = [secret('demo-kubeconfig', 'value', server.kubeconfig)];
    expect(await authorityOutcome('demo', objects)).toEqual({ kind: 'Done' });
  });
});
