import { planSpec, planStatus } from '../../lib/apis/schema/cluster-plan.ts';
import { profileSpec } from '../../lib/apis/schema/cluster-profile.ts';
import {
  agentInstallationSpec,
  agentInstallationStatus,
  pivotSpec,
  pivotStatus,
} from '../../lib/apis/schema/managed.ts';
import { agentInstallationColumns, pivotColumns, planColumns, profileColumns } from './columns.ts';
import { CATEGORY } from './composites.ts';
import type { OwnKind } from './custom-resources.ts';

const MANAGED = ['crossplane', 'managed', CATEGORY];

/** ownKinds are the kinds that we ship CRDs for. */
export const ownKinds: readonly OwnKind[] = [
  {
    kind: 'ClusterProfile',
    scope: 'Cluster',
    description: 'Versions of a list of layers that clusters install by reference.',
    shortName: 'cprof',
    categories: [CATEGORY],
    columns: profileColumns,
    spec: profileSpec,
  },
  {
    kind: 'ClusterPlan',
    scope: 'Namespaced',
    description:
      'All that the agent in a cluster needs to carry on by itself. It is composed from a ManagedCluster: edit that one.',
    shortName: 'cplan',
    categories: [CATEGORY],
    columns: planColumns,
    spec: planSpec,
    status: planStatus,
  },
  {
    kind: 'AgentInstallation',
    scope: 'Namespaced',
    description: 'Agent and Cluster API providers in a new cluster.',
    shortName: 'ainst',
    categories: MANAGED,
    columns: agentInstallationColumns,
    spec: agentInstallationSpec,
    status: agentInstallationStatus,
  },
  {
    kind: 'Pivot',
    scope: 'Namespaced',
    description: 'Hands the Cluster API objects of a cluster over to it, or takes them back.',
    shortName: 'piv',
    categories: MANAGED,
    columns: pivotColumns,
    spec: pivotSpec,
    status: pivotStatus,
  },
];
