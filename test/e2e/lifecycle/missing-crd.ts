import { describe, expect, it } from '@jest/globals';
import { applyObjects, leftovers, TEARDOWN_REPORT } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { NAMESPACED_MANAGED_CLUSTER } from '../../../lib/apis/kinds.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { objectsIn } from '../../../lib/program/manifests.ts';
import { eventually } from '../world.ts';
import { api, NAMESPACE } from './subject.ts';

const CRD = 'package/crds/clusterprofiles.m.managedcluster.io.yaml';
const CLUSTER = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', namespace: NAMESPACE };
const LATE = { ...NAMESPACED_MANAGED_CLUSTER, namespace: NAMESPACE, name: 'late' } as const;

/** A kind that the function asks for is not installed (test/commands/e2e.ts), and comes later. */
export function missingCrd(): void {
  describe('before the CRD of ClusterProfile is installed', () => {
    it('a new cluster says what is missing', async () => {
      const [example] = objectsIn('examples/dev/namespaced.yaml');
      await api.apply(
        {
          ...NAMESPACED_MANAGED_CLUSTER,
          metadata: { name: LATE.name, namespace: NAMESPACE },
          spec: example?.['spec'],
        },
        { fieldManager: 'e2e' },
      );
      const object = await eventually(
        api,
        LATE,
        'not to be synced',
        (found) => conditionOf(found, 'Synced')?.status === 'False',
      );
      expect(conditionOf(object, 'Synced')?.message).toContain('ClusterProfile');
    });

    it('the new cluster heals when it comes', async () => {
      await applyObjects(api, CRD);
      await applyObjects(api, 'examples/dev/profile.yaml');
      const made = await eventually(api, { ...CLUSTER, name: LATE.name }, 'there');
      expect(made.metadata.labels).toHaveProperty(['managedcluster.io/hold']);
    });
  });
}

/** A cluster is deleted while its first machine is being made. */
export function deletedHalfWay(): void {
  describe('a cluster that is deleted half-way through provisioning', () => {
    it('leaves nothing', async () => {
      await api.delete(LATE, { propagationPolicy: 'Foreground' });
      await waitFor({
        what: `${LATE.name} to be gone`,
        timeoutMs: 120_000,
        intervalMs: 200,
        look: async () => ((await api.get(LATE)) === undefined ? true : undefined),
      });
      expect(await leftovers(api, { cluster: LATE.name, except: [TEARDOWN_REPORT] })).toEqual([]);
    });
  });
}
