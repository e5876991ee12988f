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
const agentConnected = condition('AGENT', 'AgentConnected', 'Whether the agent reports.');

/**
 * clusterColumns are those of a ManagedCluster. Crossplane adds SYNCED, READY and AGE itself, and so
 * they are not here (crossplane-runtime pkg/xcrd).
 */
export const clusterColumns: readonly Column[] = [
  field('PHASE', '.status.phase', 'Where the cluster is on its way to managing itself.'),
  condition('OPERATIONAL', 'Operational', 'Whether all that was asked for is there and works.'),
  field('OWNER', '.status.owner', 'Side that reconciles the cluster.'),
  field('CP', '.status.controlPlaneMachines', 'Ready and wanted control plane machines.'),
  field('WORKERS', '.status.workers', 'Ready and wanted workers.'),
  field('VERSION', '.status.controlPlane.version', 'Kubernetes version that runs: the oldest.'),
  field('PROFILE', '.status.profiles', 'Profiles and their versions.'),
  agentConnected,
];

/** profileColumns are those of a ClusterProfile. */
export const profileColumns: readonly Column[] = [
  field('LAST', '.spec.versions[-1:].version', 'Version that is listed last.'),
  age,
];

/** planColumns are those of a ClusterPlan. */
export const planColumns: readonly Column[] = [
  cluster,
  { name: 'EPOCH', type: 'integer', jsonPath: '.spec.epoch', description: 'Epoch of ownership.' },
  agentConnected,
  {
    name: 'REPORTED',
    type: 'date',
    jsonPath: '.status.lastReportTime',
    description: 'How long ago the agent reported.',
  },
  age,
];

/** agentInstallationColumns are those of an AgentInstallation (facts on managed resources). */
export const agentInstallationColumns: readonly Column[] = [
  ...managed,
  cluster,
  field('AGENT', '.status.agentVersion', 'Version of the agent.'),
  age,
];

/** pivotColumns are those of a Pivot. */
export const pivotColumns: readonly Column[] = [
  ...managed,
  cluster,
  field('DIRECTION', '.spec.direction', 'To whom the cluster is handed over.'),
  field('PHASE', '.status.phase', 'Step of the protocol.'),
  condition('COMMITTED', 'Committed', 'Whether there is no way back.'),
  {
    name: 'UNMANAGED',
    type: 'integer',
    jsonPath: '.status.unmanagedSeconds',
    description: 'Seconds in which nobody reconciled the cluster.',
  },
  age,
];
