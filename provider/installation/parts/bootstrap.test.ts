import { describe, expect, it } from '@jest/globals';
import { AGENTS_NAMESPACE, BOOTSTRAP_KEYS, BOOTSTRAP_SECRET } from '../../../lib/apis/agent.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { secretText } from '../../../lib/core/secret-data.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import { memorySide } from '../../../test/fake/memory-side.ts';
import { managementIdentity } from '../../core/installation/management-identity.ts';
import type { Scope } from '../part.ts';
import { bootstrap } from './bootstrap.ts';

const CLUSTER = { namespace: 'team', name: 'demo' };
const SECRET = {
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: 'managed-cluster-system',
  name: BOOTSTRAP_SECRET,
};

/** One pass of the part, and the order of what it asked for and wrote on both sides. */
async function passOver(tokenDays: number) {
  const [account] = managementIdentity(CLUSTER, [], tokenDays);
  if (account === undefined) throw new Error('no ServiceAccount');
  const stored = { ...account, metadata: { ...account.metadata, uid: 'u-1' } };
  const management = memorySide([stored]);
  const workload = memorySide([]);
  const requests: unknown[] = [];
  const order: string[] = [];
  const api = {
    ...management.api,
    raw: (method: string, path: string, body?: unknown) => {
      requests.push([method, path, body]);
      return Promise.resolve({ spec: { audiences: ['https://here'] }, status: { token: 'fresh' } });
    },
    patch: (...args: Parameters<typeof management.api.patch>) => {
      order.push(`patch ${args[0].kind}`);
      return management.api.patch(...args);
    },
  };
  const target = {
    ...workload.api,
    patch: (...args: Parameters<typeof workload.api.patch>) => {
      order.push(`patch ${args[0].kind} in the cluster`);
      return workload.api.patch(...args);
    },
  };
  const scope = {
    deps: {
      management: api,
      options: { managementEndpoint: 'https://m', managementAuthority: 'pem' },
      events: { event: () => undefined },
    },
    installation: {
      apiVersion: 'v1',
      kind: 'AgentInstallation',
      metadata: CLUSTER,
      spec: { tokenDays },
    },
    namespace: CLUSTER.namespace,
    cluster: CLUSTER.name,
    now: new Date('2026-01-01T00:00:00Z'),
    workload: () => Promise.resolve(target),
  };
  const outcome = await bootstrap.run(scope as unknown as Scope);
  const found: KubeObject | undefined = management.object(refOf(account));
  return { outcome, requests, order, account: found, secret: workload.object(SECRET) };
}

describe('the first token of an agent', () => {
  it('is issued in the namespace of all agents, for as long as configured, and for no audience', async () => {
    const { outcome, requests, secret, account } = await passOver(7);

    expect(outcome.kind).toBe('Done');
    const { name } = account?.metadata ?? {};
    expect(requests).toEqual([
      [
        'POST',
        `/api/v1/namespaces/${AGENTS_NAMESPACE}/serviceaccounts/${name}/token`,
        expect.objectContaining({ spec: { expirationSeconds: 7 * 86_400 } }),
      ],
    ]);
    expect(secretText(secret, BOOTSTRAP_KEYS.identity)).toBe(name);
    expect(secretText(secret, BOOTSTRAP_KEYS.token)).toBe('fresh');
  });

  it('leaves bounds on the ServiceAccount before the agent has it', async () => {
    const { account, order } = await passOver(7);

    expect(account?.metadata.annotations).toMatchObject({
      'managedcluster.io/token-seconds': String(7 * 86_400),
      'managedcluster.io/token-audiences': 'https://here',
    });
    expect(order).toEqual(['patch ServiceAccount', 'patch Secret in the cluster']);
  });
});
