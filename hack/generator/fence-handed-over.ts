import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';
import type { Policy } from './policy.ts';

/**
 * fenceHandedOver keeps a Cluster that was handed over from being made once more on the management side:
 * by an old manifest, a backup, or Crossplane itself in the middle of a pass. Only a copy that a pivot
 * brings back may be made; it bears its owner.
 */
export const fenceHandedOver: Policy = {
  name: 'fence-handed-over.managedcluster.io',
  paramKind: CLUSTER_PLAN,
  rules: [{ apiGroups: ['cluster.x-k8s.io'], resources: ['clusters'], operations: ['CREATE'] }],
  matchConditions: [
    {
      name: 'unowned',
      expression: `!has(object.metadata.annotations) || !('${OWNER_ANNOTATION}' in object.metadata.annotations)`,
    },
  ],
  validations: [
    {
      expression:
        '!has(params.spec.handedOver) || !params.spec.handedOver || params.spec.clusterName != object.metadata.name',
      messageExpression: `'Cluster ' + object.metadata.name + ' was handed over to itself and lives in the workload cluster: a second one here would destroy it; change the ManagedCluster instead'`,
    },
  ],
};
