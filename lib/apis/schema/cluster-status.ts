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
  'One phase of the life of the cluster.',
  {
    name: text('Name of the phase.'),
    startTime: time('When it began.'),
    endTime: time('When it ended; absent while it lasts.'),
    message: text('What it waits for, or how it ended.', { maxLength: 1024 }),
  },
  { required: ['name'] },
);

/** clusterStatus is `ManagedCluster.status`, the same in both API groups. */
export const clusterStatus: Schema = object('What the cluster is.', {
  phase: text('Where the cluster is on its way to managing itself.', {
    enum: ['Provisioning', 'InstallingAgent', 'Pivoting', 'SelfManaged', 'Deleting'],
  }),
  owner: text('Which side reconciles the cluster now.', {
    enum: ['Management', 'Moving', 'Workload'],
  }),
  epoch: integer('Grows with every change of owner.'),
  released: flag(
    'True while the Cluster API objects are released from Crossplane; an abort before the commit takes it back.',
  ),
  committed: flag('True for ever once the cluster was handed over to itself.'),
  conditions: conditions(
    'Accepted, InfrastructureReady, ControlPlaneInitialized, AgentInstalled, Pivoted, ControlPlaneReady, WorkersReady, AddOnsReady, AgentConnected, Operational; Synced and Ready are those of Crossplane.',
  ),
  observed: object(
    'What was last taken in from spec; compare it to tell when a change has arrived.',
    {
      version: text('kubernetes.version.', { maxLength: 64 }),
      controlPlaneReplicas: integer('controlPlane.replicas.'),
    },
  ),
  controlPlane: object('The control plane machines.', machineCounts),
  nodePools: keyedList('The worker machines, pool by pool.', 'name', poolCounts),
  workers: text('Ready and wanted workers of all pools, for example 3/4.', { maxLength: 32 }),
  controlPlaneMachines: text('Ready and wanted control plane machines, for example 1/3.', {
    maxLength: 32,
  }),
  profiles: text('Profiles and versions, for example base@1.2.0.', { maxLength: 1024 }),
  layers: list('Layers of the profiles, in order of installation.', layerReport, { maxItems: 256 }),
  overrides: list(
    'Objects that overrides of the claim were applied to.',
    text('Kind and name of the object.'),
    { maxItems: 64 },
  ),
  phases: keyedList('History: when each phase began and ended.', 'name', phase),
  unmanagedSeconds: integer(
    'How long nobody reconciled the cluster during the last pivot, in seconds.',
  ),
  kubeconfigSecretRef: object('Secret with a kubeconfig of the cluster.', {
    name: text('Name of the Secret.'),
    namespace: text('Namespace of the Secret.'),
  }),
  plan: object('The ClusterPlan.', {
    desired: integer('Generation that the management side wants.'),
    observed: integer('Generation that the agent works on.'),
  }),
});
