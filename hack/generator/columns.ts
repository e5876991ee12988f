/** Column is one `additionalPrinterColumns` entry. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description?: string;
  readonly priority?: number;
}

/** condition shows the status of a condition. */
function condition(name: string, type: string, description?: string): Column {
  return {
    name,
    type: 'string',
    jsonPath: `.status.conditions[?(@.type=='${type}')].status`,
    ...(description === undefined ? {} : { description }),
  };
}

function field(name: string, jsonPath: string, description: string): Column {
  return { name, type: 'string', jsonPath, description };
}

const age: Column = { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' };
const cluster = field('CLUSTER', '.spec.clusterName', 'Name of the Cluster.');
const managed = [condition('SYNCED', 'Synced'), condition('READY', 'Ready')];
const agentConnected = condition('AGENT', 'AgentConnected', 'Whether the agent is connected.');

/**
 * clusterColumns are the columns of a ManagedCluster without SYNCED, READY and AGE, which Crossplane adds
 * (crossplane-runtime pkg/xcrd).
 */
export const clusterColumns: readonly Column[] = [
  field('PHASE', '.status.phase', 'Phase of the cluster until it manages itself.'),
  condition('OPERATIONAL', 'Operational', 'Whether the cluster is complete and manages itself.'),
  field('OWNER', '.status.owner', 'Side that reconciles the cluster.'),
  field('CP', '.status.controlPlaneMachines', 'Ready and desired control plane machines.'),
  field('WORKERS', '.status.workers', 'Ready and desired workers.'),
  field('VERSION', '.status.controlPlane.version', 'Oldest Kubernetes version that runs.'),
  field('PROFILE', '.status.profiles', 'Profiles and their versions.'),
  agentConnected,
];

/** profileColumns are the columns of a ClusterProfile. */
export const profileColumns: readonly Column[] = [
  field('LAST', '.spec.versions[-1:].version', 'Version that is listed last.'),
  age,
];

/** planColumns are the columns of a ClusterPlan. */
export const planColumns: readonly Column[] = [
  cluster,
  { name: 'EPOCH', type: 'integer', jsonPath: '.spec.epoch', description: 'Epoch of ownership.' },
  agentConnected,
  {
    name: 'REPORTED',
    type: 'date',
    jsonPath: '.status.lastReportTime',
    description: 'Time since the last report of the agent.',
  },
  age,
];

/** agentInstallationColumns are the columns of an AgentInstallation (facts on managed resources). */
export const agentInstallationColumns: readonly Column[] = [
  ...managed,
  cluster,
  field('AGENT', '.status.agentVersion', 'Version of the agent.'),
  age,
];

/** pivotColumns are the columns of a Pivot. */
export const pivotColumns: readonly Column[] = [
  ...managed,
  cluster,
  field('DIRECTION', '.spec.direction', 'Side that the cluster is handed over to.'),
  field('PHASE', '.status.phase', 'Current step of the pivot.'),
  condition(
    'COMMITTED',
    'Committed',
    'Whether the pivot has committed and can no longer be aborted.',
  ),
  {
    name: 'UNMANAGED',
    type: 'integer',
    jsonPath: '.status.unmanagedSeconds',
    description: 'Seconds in which neither side reconciled the cluster.',
  },
  age,
];

/** sideColumns are the columns of a ManagementSide. */
export const sideColumns: readonly Column[] = [
  {
    name: 'ASKED',
    type: 'date',
    jsonPath: '.status.askedTime',
    description: 'Time since it was last known that every cluster was asked.',
  },
  field('OPEN', '.status.open', 'Clusters that were not asked yet.'),
  age,
];
