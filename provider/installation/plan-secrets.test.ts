import { describe, expect, it } from '@jest/globals';
import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { memorySide } from '../../test/fake/memory-side.ts';
import type { Scope } from './part.ts';
import { identity } from './parts/identity.ts';
import { secrets } from './parts/secrets.ts';
import { planSecrets } from './plan-secrets.ts';

const CLUSTER = { namespace: 'team', name: 'demo' };

function planNaming(...names: readonly string[]): ClusterPlan {
  const secretVariables = names.map((name) => ({ name, secretKeyRef: { name, key: 'value' } }));
  const layer = { name: 'a', type: 'addon', installPriority: 1, secretVariables } as const;
  return {
    ...CLUSTER_PLAN,
    metadata: CLUSTER,
    spec: { epoch: 1, clusterName: CLUSTER.name, cluster: {}, layers: [layer] },
  };
}

function secret(name: string, usableBy?: string, more: object = {}): KubeObject {
  const annotations = usableBy === undefined ? {} : { 'managedcluster.io/usable-by': usableBy };
  const metadata = { namespace: CLUSTER.namespace, name, annotations };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', ...more };
}

/** What the agent is allowed to read of the Secrets that its plan names, and what the parts report. */
async function pass(plan: ClusterPlan, there: readonly KubeObject[]) {
  const management = memorySide(there);
  const found = await planSecrets(management.api, CLUSTER, plan);
  const scope = {
    deps: { management: management.api },
    installation: { ...AGENT_INSTALLATION, metadata: CLUSTER, spec: { clusterName: CLUSTER.name } },
    namespace: CLUSTER.namespace,
    cluster: CLUSTER.name,
    secrets: found,
  } as unknown as Scope;
  await identity.run(scope);
  const created = management.writes.filter((write) => write.startsWith('create Role '));
  const [name = ''] = created.map((write) => write.slice('create Role '.length));
  const role = management.object({ apiVersion: '', kind: 'Role', ...CLUSTER, name });
  const rules: readonly { resources: string[]; resourceNames: string[] }[] = Object(role).rules;
  return {
    missing: found.missing,
    readable: rules.filter(({ resources }) => resources.includes('secrets')),
    outcome: await secrets.run(scope),
  };
}

describe('the Secrets of a plan', () => {
  it('can be read by the agent if they allow its cluster', async () => {
    const there = [secret('one', 'demo'), secret('all', '*')];
    const { readable, outcome } = await pass(planNaming('one', 'all'), there);

    expect(readable).toMatchObject([{ resourceNames: ['all', 'one'], verbs: ['get'] }]);
    expect(outcome.kind).toBe('Done');
  });

  it('cannot be read if the author of the claim only knows their names', async () => {
    const there = [
      secret('open', 'demo'),
      secret('theirs'),
      secret('victim-ca', '*', { type: 'cluster.x-k8s.io/secret' }),
    ];
    const { readable, outcome } = await pass(planNaming('open', 'theirs', 'victim-ca'), there);

    expect(readable).toMatchObject([{ resourceNames: ['open'] }]);
    expect(outcome).toMatchObject({
      kind: 'Wait',
      reason: 'SecretNotAllowed',
      message: expect.stringMatching(
        /kubectl -n team annotate secret theirs managedcluster.io\/usable-by='demo' --overwrite; Secret team\/victim-ca has the type/,
      ),
    });
  });

  it('that do not exist yet cannot be read when they are created by somebody else', async () => {
    const { readable, missing, outcome } = await pass(planNaming('later'), []);

    expect([readable, missing, outcome.kind]).toEqual([[], ['later'], 'Done']);
  });
});
