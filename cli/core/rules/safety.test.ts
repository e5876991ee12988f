import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { findingsOf } from '../findings.ts';
import type { Snapshot } from '../snapshot.ts';
import { reached } from '../../testing/rows.ts';
import { aCluster, aPivot, aSide, aSnapshot, LONG } from '../../testing/snapshots.ts';

function twoSides(here: KubeObject, there: KubeObject): Snapshot {
  return aSnapshot({
    management: aSide({ cluster: here }),
    workload: reached({ cluster: there }),
    kubeconfigSecret: { name: 'demo-kubeconfig', key: 'value' },
  });
}

describe('both sides', () => {
  it.each([
    {
      reason: 'the lower epoch has to stop: management',
      snapshot: twoSides(aCluster('moving', 2, false), aCluster('workload', 3, false)),
      is: 'BothSidesRun',
      run: 'kubectl -n team-a patch cluster.cluster.x-k8s.io/demo',
    },
    {
      reason: 'the lower epoch has to stop: workload',
      snapshot: twoSides(aCluster('management', 5, false), aCluster('moving', 4, false)),
      is: 'BothSidesRun',
      run: 'kubectl --kubeconfig demo.kubeconfig -n team-a patch cluster.cluster.x-k8s.io/demo',
    },
  ])('are a danger when both run: $reason', ({ snapshot, is, run }) => {
    const [first] = findingsOf(snapshot);
    expect(first).toMatchObject({ reason: is, severity: 'danger' });
    expect(first?.next.map((step) => step.run ?? '').join('\n')).toContain(run);
  });

  it.each([
    {
      reason: 'the other side does not answer',
      snapshot: aSnapshot({ management: aSide({ cluster: aCluster('moving', 2, false) }) }),
      what: 'The management side reconciles the cluster but is not its owner',
    },
    {
      reason: 'the other side has no Cluster any more',
      snapshot: aSnapshot({ workload: reached({ cluster: aCluster('moving', 4, false) }) }),
      what: 'The workload side reconciles the cluster but is not its owner',
    },
  ])('are a danger when one runs that does not own the cluster: $reason', ({ snapshot, what }) => {
    const [first] = findingsOf(snapshot);
    expect(first).toMatchObject({ reason: 'RunsUnowned', severity: 'danger' });
    expect(first?.what).toContain(what);
  });

  it('are a wait when neither runs, until it takes too long', () => {
    const fence = { name: 'Fence', startTime: LONG, endTime: LONG };
    const snapshot = {
      ...twoSides(aCluster('moving', 2, true), aCluster('moving', 2, true)),
      pivot: aPivot({
        status: { steps: [fence] },
        conditions: { Ready: ['False', 'Copying', 'x'] },
      }),
    };
    const [first] = findingsOf(snapshot);
    expect(first).toMatchObject({ reason: 'Unmanaged', severity: 'problem', since: LONG });
  });

  it('say what is left on both when the pivot is over', () => {
    const snapshot = {
      ...twoSides(aCluster('moving', 2, true), aCluster('workload', 3, false)),
      pivot: aPivot({
        conditions: { Committed: ['True', 'Committed', '', LONG], Ready: ['True', 'Complete'] },
      }),
    };
    const [first] = findingsOf(snapshot);
    expect(first).toMatchObject({ reason: 'LeftOnBothSides', severity: 'problem' });
    expect(first?.what).toContain('Cluster/demo');
  });
});
