import {
  anything,
  conditions,
  flag,
  integer,
  list,
  object,
  text,
  time,
  type Schema,
} from './schema.ts';
import { layerReport, machineCounts, poolCounts } from './report.ts';
import { layer, secretVariables } from './layer.ts';

/** planSpec is `ClusterPlan.spec`: everything that the agent needs, self-contained. */
export const planSpec: Schema = object(
  'What the cluster shall be, complete: the agent needs nothing else to carry it out.',
  {
    epoch: integer('Epoch of ownership that the plan was made for.', { minimum: 1 }),
    clusterName: text('Name of the Cluster API Cluster.'),
    handedOver: flag(
      'True for ever once the cluster was handed over to itself. It stands in spec, because a backup that is restored without status must not undo it.',
    ),
    cluster: anything('The spec of the ManagedCluster, with all defaults.'),
    layers: list(
      'All layers of all profiles, resolved, in order of installation.',
      layer({ profile: text('Profile and version that the layer comes from.'), secretVariables }),
      { maxItems: 256 },
    ),
  },
  { required: ['epoch', 'clusterName', 'cluster', 'layers'] },
);

/** planStatus is `ClusterPlan.status`, written by the agent. */
export const planStatus: Schema = object('What the agent reports.', {
  observedGeneration: { type: 'integer', format: 'int64', description: 'Generation it works on.' },
  lastReportTime: time('When the agent last reported.'),
  agentVersion: text('Version of the agent.', { maxLength: 64 }),
  controlPlane: object('The control plane machines.', machineCounts),
  nodePools: list('The worker machines.', poolCounts),
  layers: list('The layers.', layerReport, { maxItems: 256 }),
  conditions: conditions(
    'AgentConnected, NodeLayersReady, ControlPlaneReady, WorkersReady, AddOnsReady.',
  ),
});
