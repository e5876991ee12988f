import { describe, expect, it } from '@jest/globals';
import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { type Copy, copyOf, observedGeneration, SETTLED_MS } from './plan-copy.ts';
import { LINEAGE_ANNOTATION, linkTo, SPEC_ANNOTATION, specHash } from './plan-lineage.ts';

function plan(
  generation: number,
  spec: Partial<ClusterPlan['spec']> = {},
  metadata: ClusterPlan['metadata'] = {},
  head = 'l',
): ClusterPlan {
  const full = { epoch: 2, clusterName: 'demo', cluster: {}, layers: [], ...spec };
  return {
    ...CLUSTER_PLAN,
    metadata: { name: 'demo', generation, uid: 'u', ...metadata },
    spec: full,
    status: { lineage: { parent: 'l', head } },
  };
}

/** The plan when the agent has offered to follow it. */
function offered(shown: ClusterPlan): ClusterPlan {
  return { ...shown, status: { lineage: { parent: 'l', head: linkTo(shown, 'l') } } };
}

function local(
  generation: number,
  spec: Partial<ClusterPlan['spec']> = {},
  uid = 'u',
): ClusterPlan {
  const annotations = {
    'managedcluster.io/management-generation': String(generation),
    'managedcluster.io/management-uid': uid,
    [LINEAGE_ANNOTATION]: 'l',
    [SPEC_ANNOTATION]: specHash(plan(generation).spec),
    mine: 'yes',
  };
  return plan(9, spec, { annotations, resourceVersion: '7', namespace: 'home' });
}

/** The decision while the plan has been as it is for a minute. */
function copied(shown: ClusterPlan | undefined, here: ClusterPlan | undefined, to: string): Copy {
  return copyOf({ plan: shown, unchangedMs: SETTLED_MS }, here, to);
}

describe('copyOf', () => {
  it.each<{
    reason: string;
    shown: ClusterPlan | undefined;
    here: ClusterPlan | undefined;
    want: string;
  }>([
    { reason: 'nothing anywhere', shown: undefined, here: undefined, want: 'Current' },
    { reason: 'the plan is lost', shown: undefined, here: local(1), want: 'Current' },
    {
      reason: 'the plan is being deleted',
      shown: plan(2, {}, { deletionTimestamp: 'now' }),
      here: local(1),
      want: 'Current',
    },
    { reason: 'the first plan', shown: plan(1), here: undefined, want: 'Create' },
    { reason: 'a new generation', shown: plan(2, { epoch: 3 }), here: local(1), want: 'Offer' },
    {
      reason: 'a new generation that was offered',
      shown: offered(plan(2, { epoch: 3 })),
      here: local(1),
      want: 'Replace',
    },
    {
      reason: 'a new generation with the offer of another one',
      shown: plan(2, { epoch: 3 }, {}, 'other'),
      here: local(1),
      want: 'Offer',
    },
    {
      reason: 'a new generation that says the same',
      shown: offered(plan(2)),
      here: local(1),
      want: 'Replace',
    },
    { reason: 'nothing new', shown: plan(1), here: local(1), want: 'Current' },
    {
      reason: 'a re-created plan with generation 1',
      shown: offered(plan(1)),
      here: local(1, {}, 'old'),
      want: 'Replace',
    },
    {
      reason: 'changed inside',
      shown: plan(1),
      here: local(1, { handedOver: true }),
      want: 'ChangedInside',
    },
    {
      reason: 'changed inside, then in the claim',
      shown: offered(plan(2, { epoch: 3 })),
      here: local(1, { handedOver: true }),
      want: 'Replace',
    },
    { reason: 'an older epoch', shown: plan(3, { epoch: 1 }), here: local(1), want: 'Ignore' },
  ])('$reason: $want', ({ shown, here, want }) => {
    expect(copied(shown, here, 'home').kind).toBe(want);
  });

  it('keeps what is not its own, and notes what it was made from', () => {
    const copy = copied(offered(plan(4, { handedOver: true })), local(1), 'home');
    if (copy.kind !== 'Replace') throw new Error(copy.kind);
    expect(copy.object.metadata).toMatchObject({
      resourceVersion: '7',
      annotations: { mine: 'yes' },
    });
    expect(copy.object['spec']).toMatchObject({ handedOver: true });
    expect(observedGeneration(copy.object)).toBe(4);
  });

  it('takes the copy of an agent without lineage as it is', () => {
    const here = local(1, { handedOver: true });
    const { name, namespace, resourceVersion, annotations } = here.metadata;
    const { [LINEAGE_ANNOTATION]: _link, [SPEC_ANNOTATION]: _hash, ...old } = annotations ?? {};
    const metadata = {
      name,
      namespace,
      resourceVersion,
      annotations: old,
    } as ClusterPlan['metadata'];
    const copy = copied(plan(1), { ...here, metadata }, 'home');
    expect(copy).toMatchObject({
      kind: 'Replace',
      object: {
        metadata: { annotations: { [LINEAGE_ANNOTATION]: linkTo(plan(1), '') } },
        spec: { handedOver: true },
      },
    });
  });

  it('has both epochs in the message', () => {
    const copy = copied(plan(3, { epoch: 1 }), local(1), 'home');
    expect(copy).toMatchObject({ kind: 'Ignore' });
    expect(JSON.stringify(copy)).toContain('epoch 1, but the cluster has already accepted epoch 2');
  });
});

describe('the plan of a management side that has adopted the cluster', () => {
  const mine = { cluster: { pools: 2, agent: { tokenDays: 30 }, deletionPolicy: 'Delete' } };

  function adopted(cluster: object): ClusterPlan {
    const spec = { epoch: 3, cluster: { ...mine.cluster, ...cluster } };
    return { ...plan(1, spec, { uid: 'other' }), status: {} };
  }

  it('is followed when it asks for what the cluster has, however the side reaches the cluster', () => {
    const shown = adopted({
      agent: { kubeconfigSecretRef: { name: 'access' } },
      deletionPolicy: 'Orphan',
    });
    const copy = copied(shown, local(4, mine), 'home');
    expect(copy).toMatchObject({ kind: 'Offer', lineage: { parent: 'l' } });
  });

  it('is not followed when it asks for something else, and the message names only that', () => {
    const copy = copied(adopted({ pools: 1, agent: {} }), local(4, mine), 'home');
    expect(copy).toMatchObject({
      kind: 'Ignore',
      reason: 'ManagementRestored',
      message: expect.stringContaining('it differs in cluster.pools.'),
    });
  });
});

describe('the plan of a management side that was restored', () => {
  const mine = { cluster: { pools: 2 } };
  const shown = { ...plan(5, mine), status: {} };

  it.each([
    [0, 'Ignore'],
    [SETTLED_MS - 1, 'Ignore'],
    [SETTLED_MS, 'Offer'],
  ])('asks for what the cluster has since %i ms: %s', (unchangedMs, kind) => {
    const copy = copyOf({ plan: shown, unchangedMs }, local(4, mine), 'home');
    expect(copy.kind).toBe(kind);
  });

  it.each([
    ['the same plan: an abort on a restored side raises the epoch', 'u', 'Ignore'],
    ['the plan of a side that adopted the cluster', 'other', 'Offer'],
  ])('with a higher epoch, %s', (_case, uid, kind) => {
    const higher = { ...plan(5, { ...mine, epoch: 3 }, { uid }), status: {} };
    const copy = copyOf({ plan: higher, unchangedMs: 0 }, local(4, mine), 'home');
    expect(copy.kind).toBe(kind);
  });

  it('says what is waited for', () => {
    const copy = copyOf({ plan: shown, unchangedMs: 0 }, local(4, mine), 'home');
    expect(copy).toMatchObject({
      reason: 'ManagementRestored',
      message: expect.stringContaining('is followed when it has not changed for 60 s'),
    });
  });
});
