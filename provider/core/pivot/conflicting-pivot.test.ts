import { describe, expect, it } from '@jest/globals';
import { PIVOT } from '../../../lib/apis/kinds.ts';
import type { Pivot, PivotSpec, PivotStatus } from '../../../lib/apis/pivot.generated.ts';
import { conflictingPivot, conflictText } from './conflicting-pivot.ts';

const ATTEMPT = { epoch: 2, owner: 'management', at: '', hash: '', types: [] };
const ABORTED = { epoch: 2, reason: 'r', message: 'm', at: '', sourceBack: true };

interface Given extends Partial<PivotSpec> {
  readonly created?: string;
  readonly deleted?: boolean;
  readonly status?: PivotStatus;
}

function aPivot(name: string, { created = '1', deleted = false, status, ...spec }: Given): Pivot {
  return {
    ...PIVOT,
    metadata: {
      name,
      uid: name,
      creationTimestamp: created,
      ...(deleted ? { deletionTimestamp: '9' } : {}),
    },
    spec: {
      clusterName: 'demo',
      kubeconfigSecretRef: { name: 'k', key: 'value' },
      direction: 'ToWorkload',
      abort: false,
      source: 'Cluster',
      ...spec,
    },
    ...(status === undefined ? {} : { status }),
  };
}

function conditions(...types: readonly string[]): PivotStatus {
  return {
    conditions: types.map((type) => ({
      type,
      status: 'True' as const,
      reason: 'r',
      lastTransitionTime: '1',
    })),
  };
}

const UNDER_WAY: PivotStatus = { journal: { attempts: 1, attempt: ATTEMPT } };
const ABORTING: PivotStatus = {
  journal: { attempts: 1, attempt: ATTEMPT, aborted: { ...ABORTED, targetClean: false } },
};
const TAKEN_BACK: PivotStatus = {
  journal: { attempts: 1, attempt: ATTEMPT, aborted: { ...ABORTED, targetClean: true } },
};

const GIVEN_UP: PivotStatus = {
  conditions: [
    ...(conditions('Committed').conditions ?? []),
    { type: 'Ready', status: 'False', reason: 'Abandoned', lastTransitionTime: '1' },
  ],
};

describe('conflictingPivot', () => {
  const pivot = aPivot('me', { created: '5' });

  it.each<{ reason: string; given: Given }>([
    { reason: 'under way, though younger', given: { created: '7', status: UNDER_WAY } },
    { reason: 'under way, the other way', given: { direction: 'ToManagement', status: UNDER_WAY } },
    { reason: 'called off, not taken back yet', given: { abort: true, status: ABORTING } },
    { reason: 'deleted, not taken back yet', given: { deleted: true, status: UNDER_WAY } },
    { reason: 'committed, not Ready', given: { status: conditions('Committed') } },
    { reason: 'older, not begun', given: { created: '4' } },
    { reason: 'of the same second, with a lower uid', given: { created: '5' } },
    { reason: 'older, between two attempts', given: { created: '4', status: TAKEN_BACK } },
  ])('waits for one that is $reason', ({ given }) => {
    expect(conflictingPivot(pivot, [pivot, aPivot('a', given)])?.metadata.name).toBe('a');
  });

  it.each<{ reason: string; given: Given }>([
    { reason: 'of another cluster', given: { clusterName: 'other', status: UNDER_WAY } },
    { reason: 'complete', given: { status: conditions('Committed', 'Ready') } },
    { reason: 'given up behind its commit', given: { status: GIVEN_UP } },
    { reason: 'younger, not begun', given: { created: '7' } },
    { reason: 'older, not begun, the other way', given: { direction: 'ToManagement' } },
    { reason: 'called off before it began', given: { abort: true } },
    { reason: 'called off, and taken back', given: { abort: true, status: TAKEN_BACK } },
    { reason: 'deleted, and taken back', given: { deleted: true, status: TAKEN_BACK } },
  ])('does not wait for one that is $reason', ({ given }) => {
    expect(conflictingPivot(pivot, [pivot, aPivot('a', given)])).toBeUndefined();
  });

  it('makes a take-back from the escrow wait for a Pivot past its commit, until that has given up', () => {
    const back = aPivot('back', { direction: 'ToManagement', source: 'Escrow' });
    const stuck = aPivot('a', { status: conditions('Committed') });
    expect(conflictingPivot(back, [back, stuck])).toBe(stuck);
    const asked = {
      ...stuck,
      metadata: { ...stuck.metadata, annotations: { 'managedcluster.io/give-up': 'true' } },
    };
    expect(conflictingPivot(back, [back, asked])).toBe(asked);
    const ready = { type: 'Ready', status: 'False', reason: 'Abandoned', lastTransitionTime: '1' };
    const { conditions: committed = [] } = conditions('Committed');
    const given = aPivot('a', {
      status: { conditions: [...committed, { ...ready, status: 'False' as const }] },
    });
    expect(conflictingPivot(back, [back, given])).toBeUndefined();
  });

  it('lets exactly one of two start', () => {
    const pair = [aPivot('a', {}), aPivot('b', {})];
    expect(pair.filter((one) => conflictingPivot(one, pair) === undefined)).toHaveLength(1);
  });

  it('is reported with what to do', () => {
    expect(conflictText(aPivot('a', { status: UNDER_WAY }))).toBe(
      'Pivot a hands over the same cluster and is in progress: wait until it finishes, or abort it with spec.abort: true',
    );
    expect(conflictText(aPivot('a', { status: conditions('Committed') }))).toContain(
      'make it give up with the annotation managedcluster.io/give-up: "true"',
    );
  });
});
