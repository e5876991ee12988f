import { planSpec, planStatus } from '../../lib/apis/schema/cluster-plan.ts';
import { profileSpec } from '../../lib/apis/schema/cluster-profile.ts';
import {
  agentInstallationSpec,
  agentInstallationStatus,
  pivotSpec,
  pivotStatus,
} from '../../lib/apis/schema/managed.ts';
import { managementSideStatus } from '../../lib/apis/schema/management-side.ts';
import {
  agentInstallationColumns,
  pivotColumns,
  planColumns,
  profileColumns,
  sideColumns,
} from './columns.ts';
import { CATEGORY } from './composites.ts';
import type { OwnKind } from './custom-resources.ts';

const MANAGED = ['crossplane', 'managed', CATEGORY];

/** ownKinds are the kinds with CRDs of ours. */
export const ownKinds: readonly OwnKind[] = [
  {
    kind: 'ClusterProfile',
    scope: 'Cluster',
    description: 'A versioned list of layers that clusters reference and install.',
    shortName: 'cprof',
    categories: [CATEGORY],
    columns: profileColumns,
    spec: profileSpec,
  },
  {
    kind: 'ClusterPlan',
    scope: 'Namespaced',
    description:
      'Everything that the agent needs to manage its cluster. Composed from a ManagedCluster: edit the ManagedCluster instead.',
    shortName: 'cplan',
    categories: [CATEGORY],
    columns: planColumns,
    spec: planSpec,
    status: planStatus,
  },
  {
    kind: 'AgentInstallation',
    scope: 'Namespaced',
    description: 'Installs the agent and the Cluster API providers in a new cluster.',
    shortName: 'ainst',
    categories: MANAGED,
    columns: agentInstallationColumns,
    spec: agentInstallationSpec,
    status: agentInstallationStatus,
  },
  {
    kind: 'Pivot',
    scope: 'Namespaced',
    description: 'Moves the Cluster API objects of a cluster into the cluster itself, or back.',
    shortName: 'piv',
    categories: MANAGED,
    columns: pivotColumns,
    spec: pivotSpec,
    status: pivotStatus,
  },
  {
    kind: 'ManagementSide',
    scope: 'Cluster',
    description:
      'What the provider knows about the management side that it runs on. There is one, with the name `this`; the provider creates it.',
    shortName: 'mside',
    categories: [CATEGORY],
    columns: sideColumns,
    status: managementSideStatus,
  },
];
