import { describe, expect, it } from '@jest/globals';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { keyOf } from '../core/pivot/identity.ts';
import { readRecord } from '../handover/store.ts';
import { handedOver } from '../testing/taken-back.ts';
import { readCluster } from './read-cluster.ts';

const LABELS = { 'cluster.x-k8s.io/cluster-name': 'demo' };

describe('readCluster', () => {
  it('reads nothing that could not be taken back', async () => {
    const w = await handedOver();
    const ref = { namespace: NAMESPACE, name: 'demo' };
    const { record } = await readRecord({ management: w.management }, ref);
    if (record === undefined) throw new Error('there is no record');
    const before = await readCluster(w.workload, record, 'docker');
    expect(before?.map(keyOf)).toContain('cluster.x-k8s.io/Machine/demo-md-0');
    for (const name of ['demo-kubeconfig', 'next-cluster-ca', 'demo-sa']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await w.workload.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace: NAMESPACE, labels: LABELS },
        type: 'cluster.x-k8s.io/secret',
        data: { value: 'Zm9yZ2Vk' },
      });
    }
    const after = await readCluster(w.workload, record, 'docker');
    expect(after?.map(keyOf).toSorted()).toEqual(before?.map(keyOf).toSorted());
  });
});
