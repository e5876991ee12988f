import {
  anything,
  conditions,
  flag,
  integer,
  list,
  object,
  OWN_CONDITIONS,
  text,
  time,
  type Schema,
} from './schema.ts';
import { layerReport, machineCounts, poolCounts } from './report.ts';
import { layer, secretVariables } from './layer.ts';

/** planSpec is `ClusterPlan.spec`: self-contained, with everything that the agent needs. */
export const planSpec: Schema = object(
  'The complete desired state of the cluster; the agent needs no other input.',
  {
    epoch: integer('Ownership epoch that the plan was created for.', { minimum: 1 }),
    clusterName: text('Name of the Cluster API Cluster.'),
    handedOver: flag(
      'True once the cluster has been pivoted; never changes back. It is in spec, so that restoring a backup without status does not undo it.',
    ),
    cluster: anything('Spec of the ManagedCluster, with all defaults.'),
    layers: list(
      'All layers of all profiles, resolved, in the order of installation.',
      layer({ profile: text('Profile and version that the layer comes from.'), secretVariables }),
      { maxItems: 256 },
    ),
  },
  { required: ['epoch', 'clusterName', 'cluster', 'layers'] },
);

/** A link of agent/core/plan-lineage.ts. */
const LINK = { maxLength: 32 } as const;

/** planStatus is `ClusterPlan.status`, written by the agent. */
export const planStatus: Schema = object('Status that the agent reports.', {
  observedGeneration: {
    type: 'integer',
    format: 'int64',
    description: 'Generation that the agent has observed.',
  },
  lastReportTime: time('Time of the last report of the agent.'),
  agentVersion: text('Version of the agent.', { maxLength: 64 }),
  lineage: object(
    'Where this plan stands among the plans that the cluster has taken. The agent writes it before it takes the plan; a management side without it was restored from a backup.',
    {
      parent: text('The plan that the cluster followed when this was written.', LINK),
      head: text('The plan that the cluster follows once it has taken this one.', LINK),
    },
    { required: ['parent', 'head'] },
  ),
  controlPlane: object('The control plane machines.', machineCounts),
  nodePools: list('The worker machines.', poolCounts),
  layers: list('The layers.', layerReport, { maxItems: 256 }),
  conditions: conditions(
    'AgentConnected, NodeLayersReady, ControlPlaneReady, WorkersReady, AddOnsReady.',
    OWN_CONDITIONS,
  ),
});
