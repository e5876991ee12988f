import { GROUP } from '../../lib/apis/kinds.ts';
import { HOLD_LABEL } from '../../lib/apis/ownership.ts';
import type { Policy } from './policy.ts';

const namespaceFlag = "(request.namespace == '' ? '' : ' -n ' + request.namespace)";
const resource =
  "request.resource.resource + (request.resource.group == '' ? '' : '.' + request.resource.group)";

/**
 * guard refuses to delete what carries the hold label, whoever asks: a person, the garbage collector,
 * the namespace controller or Crossplane. They all try again, so nothing is lost by refusing.
 */
export const guard: Policy = {
  name: 'guard.managedcluster.io',
  rules: [
    {
      apiGroups: [
        'cluster.x-k8s.io',
        'controlplane.cluster.x-k8s.io',
        'infrastructure.cluster.x-k8s.io',
        'bootstrap.cluster.x-k8s.io',
      ],
      resources: ['*'],
      operations: ['DELETE'],
    },
    {
      apiGroups: [GROUP],
      resources: ['clusterplans', 'agentinstallations', 'pivots'],
      operations: ['DELETE'],
    },
    // Anchor and escrow of a cluster that was handed over.
    { apiGroups: [''], resources: ['configmaps', 'secrets'], operations: ['DELETE'] },
  ],
  matchConditions: [
    {
      name: 'held',
      expression: `has(oldObject.metadata.labels) && '${HOLD_LABEL}' in oldObject.metadata.labels`,
    },
  ],
  validations: [
    {
      expression: 'false',
      messageExpression: `request.kind.kind + ' ' + oldObject.metadata.name + ' is held, because deleting it out of order leaks machines: delete the ManagedCluster instead. To delete it all the same (break glass), first run: kubectl label ' + ${resource} + ' ' + oldObject.metadata.name + ${namespaceFlag} + ' ${HOLD_LABEL}-'`,
    },
  ],
};
