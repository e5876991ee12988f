import { describe, expect, it } from '@jest/globals';
import { MANAGED_CLUSTER } from '../../../lib/apis/kinds.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { applyObjects, objectsIn } from '../../world/product/product.ts';
import { eventually } from '../world.ts';
import { api, NAMESPACE } from './subject.ts';

const CRD = 'package/crds/clusterprofiles.m.managedcluster.io.yaml';

/** A kind that the function asks for is not installed (test/world/commands/e2e.ts), and comes later. */
export function missingCrd(): void {
  describe('before the CRD of ClusterProfile is installed', () => {
    const late = { ...MANAGED_CLUSTER, namespace: NAMESPACE, name: 'late' };

    it('a new cluster says what is missing', async () => {
      const [example] = objectsIn('examples/dev/namespaced.yaml');
      await api.apply(
        {
          ...MANAGED_CLUSTER,
          metadata: { name: late.name, namespace: NAMESPACE },
          spec: example?.['spec'],
        },
        { fieldManager: 'e2e' },
      );
      const object = await eventually(
        api,
        late,
        'not to be synced',
        (found) => conditionOf(found, 'Synced')?.status === 'False',
      );
      expect(conditionOf(object, 'Synced')?.message).toContain('ClusterProfile');
    });

    it('the new cluster heals when it comes', async () => {
      await applyObjects(api, CRD);
      await applyObjects(api, 'examples/dev/profile.yaml');
      const cluster = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster' };
      const made = await eventually(
        api,
        { ...cluster, namespace: NAMESPACE, name: 'late' },
        'there',
      );
      expect(made.metadata.labels).toHaveProperty(['managedcluster.io/hold']);
    });
  });
}
