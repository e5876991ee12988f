import { describe, expect, it } from '@jest/globals';
import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { copyOf, observedGeneration } from './plan-copy.ts';

function plan(
  generation: number,
  spec: Partial<ClusterPlan['spec']> = {},
  metadata: ClusterPlan['metadata'] = {},
): ClusterPlan {
  const full = { epoch: 2, clusterName: 'demo', cluster: {}, layers: [], ...spec };
  return {
    ...CLUSTER_PLAN,
    metadata: { name: 'demo', generation, uid: 'u', ...metadata },
    spec: full,
  };
}

function local(
  generation: number,
  spec: Partial<ClusterPlan['spec']> = {},
  uid = 'u',
): ClusterPlan {
  const annotations = {
    'managedcluster.io/management-generation': String(generation),
    'managedcluster.io/management-uid': uid,
    mine: 'yes',
  };
  return plan(9, spec, { annotations, resourceVersion: '7', namespace: 'home' });
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
    { reason: 'a new generation', shown: plan(2, { epoch: 3 }), here: local(1), want: 'Replace' },
    {
      reason: 'a new generation that says the same',
      shown: plan(2),
      here: local(1),
      want: 'Replace',
    },
    { reason: 'nothing new', shown: plan(1), here: local(1), want: 'Current' },
    {
      reason: 'a re-created plan with generation 1',
      shown: plan(1),
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
      shown: plan(2),
      here: local(1, { handedOver: true }),
      want: 'Replace',
    },
    { reason: 'an older epoch', shown: plan(3, { epoch: 1 }), here: local(1), want: 'Ignore' },
  ])('$reason: $want', ({ shown, here, want }) => {
    expect(copyOf(shown, here, 'home').kind).toBe(want);
  });

  it('keeps what is not its own, and notes what it was made from', () => {
    const copy = copyOf(plan(4, { handedOver: true }), local(1), 'home');
    if (copy.kind !== 'Replace') throw new Error(copy.kind);
    expect(copy.object.metadata).toMatchObject({
      resourceVersion: '7',
      annotations: { mine: 'yes' },
    });
    expect(copy.object['spec']).toMatchObject({ handedOver: true });
    expect(observedGeneration(copy.object)).toBe(4);
  });

  it('has both epochs in the message', () => {
    const copy = copyOf(plan(3, { epoch: 1 }), local(1), 'home');
    expect(copy).toMatchObject({ kind: 'Ignore' });
    expect(JSON.stringify(copy)).toContain('epoch 1, but the cluster has already accepted epoch 2');
  });
});
