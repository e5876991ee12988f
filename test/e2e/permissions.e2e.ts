import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiServerUrl } from '@managed-cluster/testbed';
import {
  AGENTS_NAMESPACE,
  agentIdentity,
  TOKEN_AUDIENCES_ANNOTATION,
} from '../../lib/apis/agent.ts';
import { recordIn } from '../../lib/core/object.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { clientByToken } from '../../lib/kube/token-client.ts';
import { managementIdentity } from '../../provider/core/installation/management-identity.ts';
import { type Attempt, verdict } from './installation/attack.ts';
import {
  BOUND_ROLE,
  BY_PROVIDER_ALLOWED,
  BY_PROVIDER_REFUSED,
  byAgentRefused,
  NAMESPACE,
} from './permissions/attempts.ts';
import { makeNamespace, management, worldFile } from './world.ts';

/*
 * What somebody gets who has the token of the provider, of an agent, or of what runs beside the function: no more
 * than docs/permissions.md says. Only RBAC and policies of the API server answer.
 */

const CLUSTERS = ['attacked', 'neighbour'].map((name) => ({ namespace: NAMESPACE, name }));
const [OWN = '', ANOTHER = ''] = CLUSTERS.map(agentIdentity);
const identities = [
  ...CLUSTERS.flatMap((cluster) => managementIdentity(cluster, [], 1)),
  BOUND_ROLE,
];

/** A token of an account, as an administrator gets it, and the audiences that the API server gave it. */
async function tokenOf(namespace: string, name: string) {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const answer = await management().raw('POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3600 },
  });
  return {
    token: String(recordIn(answer, 'status')?.['token']),
    audiences: Object(recordIn(answer, 'spec'))['audiences'] as readonly string[],
  };
}

async function clientOf(namespace: string, name: string): Promise<KubeApi> {
  const { token } = await tokenOf(namespace, name);
  const { certificate: authority } = worldFile().management.authority;
  return clientByToken(() => Promise.resolve({ server: apiServerUrl('m'), authority, token }), {
    userAgent: 'e2e-permissions',
  });
}

beforeAll(async () => {
  await makeNamespace(management(), NAMESPACE);
  for (const object of identities) {
    // oxlint-disable-next-line no-await-in-loop -- the account before what is bound to it
    await management().apply(object, { fieldManager: 'e2e', force: true });
  }
  const { audiences } = await tokenOf(AGENTS_NAMESPACE, OWN);
  await management().patch(
    { apiVersion: 'v1', kind: 'ServiceAccount', namespace: AGENTS_NAMESPACE, name: OWN },
    { metadata: { annotations: { [TOKEN_AUDIENCES_ANNOTATION]: audiences.join(',') } } },
  );
});

afterAll(async () => {
  await Promise.all(identities.map((object) => management().delete(refOf(object))));
});

describe('with the token of the provider', () => {
  let api: KubeApi;
  beforeAll(async () => {
    api = await clientOf('crossplane-system', 'managed-cluster-provider');
  });

  it.each(BY_PROVIDER_ALLOWED)('one gets $reason', async (attempt) => {
    expect(await verdict(api, attempt)).toBe('allowed');
  });

  it.each(BY_PROVIDER_REFUSED)('one does not get $reason', async (attempt) => {
    expect(await verdict(api, attempt)).toBe('forbidden');
  });
});

describe('with the token of an agent', () => {
  let api: KubeApi;
  beforeAll(async () => {
    api = await clientOf(AGENTS_NAMESPACE, OWN);
  });

  it('one gets another token of it, for as long as it may be and for the API server', async () => {
    const renewed: Attempt = {
      reason: 'another token',
      method: 'POST',
      path: `/api/v1/namespaces/${AGENTS_NAMESPACE}/serviceaccounts/${OWN}/token`,
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: 86_400 },
      },
    };
    expect(await verdict(api, renewed)).toBe('allowed');
  });

  it.each(byAgentRefused(OWN, ANOTHER))('one does not get $reason', async (attempt) => {
    expect(await verdict(api, attempt)).toBe('forbidden');
  });

  it('one gets nothing as soon as the account is gone', async () => {
    await management().delete({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      namespace: AGENTS_NAMESPACE,
      name: OWN,
    });
    const path = `/apis/m.managedcluster.io/v1alpha1/namespaces/${NAMESPACE}/clusterplans/attacked`;
    // The API server remembers a token that it has accepted for ten seconds.
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    await expect(api.raw('GET', path)).rejects.toThrow(/401|Unauthorized/);
  }, 30_000);
});

it.each(BY_PROVIDER_REFUSED)(
  'with the token of a Pod of the function, had it one, one does not get $reason',
  async (attempt) => {
    const api = await clientOf('crossplane-system', 'default');
    expect(await verdict(api, attempt)).toBe('forbidden');
  },
);
