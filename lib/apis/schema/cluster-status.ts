import {
  conditions,
  flag,
  integer,
  keyedList,
  list,
  object,
  text,
  time,
  type Schema,
} from './schema.ts';
import { layerReport, machineCounts, poolCounts } from './report.ts';

const phase = object(
  'A phase of the lifecycle of the cluster.',
  {
    name: text('Name of the phase.'),
    startTime: time('When the phase started.'),
    endTime: time('When the phase ended; absent for the current phase.'),
    message: text('What the phase waits for, or how it ended.', { maxLength: 1024 }),
  },
  { required: ['name'] },
);

/** clusterStatus is `ManagedCluster.status`, the same in both API groups. */
export const clusterStatus: Schema = object('Observed state of the cluster.', {
  phase: text('Current phase of the lifecycle of the cluster.', {
    enum: ['Provisioning', 'InstallingAgent', 'Pivoting', 'SelfManaged', 'Deleting'],
  }),
  owner: text('Side that reconciles the cluster; Moving means neither side.', {
    enum: ['Management', 'Moving', 'Workload'],
  }),
  epoch: integer('Ownership epoch; increases with every change of owner.'),
  released: flag(
    'True while the Cluster API objects are released from Crossplane; an abort before the commit resets it.',
  ),
  committed: flag('True once the cluster has been pivoted; never changes back.'),
  conditions: conditions(
    'Accepted, InfrastructureReady, ControlPlaneInitialized, AgentInstalled, Pivoted, ControlPlaneReady, WorkersReady, AddOnsReady, AgentConnected, Operational; Crossplane sets Synced and Ready.',
  ),
  observed: object(
    'Values of spec that were last observed; compare them with spec to see whether a change has been observed.',
    {
      version: text('kubernetes.version.', { maxLength: 64 }),
      controlPlaneReplicas: integer('controlPlane.replicas.'),
    },
  ),
  controlPlane: object('Control plane machines.', machineCounts),
  nodePools: keyedList('Worker machines per node pool.', 'name', poolCounts),
  workers: text('Ready and desired workers of all pools, for example 3/4.', { maxLength: 32 }),
  controlPlaneMachines: text('Ready and desired control plane machines, for example 1/3.', {
    maxLength: 32,
  }),
  profiles: text('Profiles and versions, for example base@1.2.0.', { maxLength: 1024 }),
  layers: list('Layers of the profiles, in the order of installation.', layerReport, {
    maxItems: 256,
  }),
  overrides: list(
    'Objects to which overrides of the claim were applied.',
    text('Kind and name of the object.'),
    { maxItems: 64 },
  ),
  phases: keyedList('Start and end time of each phase.', 'name', phase),
  unmanagedSeconds: integer(
    'Number of seconds during the last pivot in which neither side reconciled the cluster.',
  ),
  kubeconfigSecretRef: object('Secret with a kubeconfig of the cluster.', {
    name: text('Name of the Secret.'),
    namespace: text('Namespace of the Secret.'),
  }),
  plan: object('Generations of the ClusterPlan.', {
    desired: integer('Latest generation on the management side.'),
    observed: integer('Generation that the agent has observed.'),
  }),
});
