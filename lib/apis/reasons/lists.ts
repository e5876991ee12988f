import {
  INSTALLATION_EVENTS,
  INSTALLATION_READY_REASONS,
  PART_REASONS,
  SYNCED_REASONS,
} from './agent-installation.ts';
import { CLUSTER_LISTS } from './cluster-lists.ts';
import {
  AGENT_CONNECTED_REASONS,
  LAYERS_REASONS,
  MACHINES_REASONS,
  PLAN_ACCEPTED_REASONS,
} from './cluster-plan.ts';
import { PREPARE_REASONS, READY_REASONS } from './pivot-ready.ts';
import { ABORTED_REASONS, COMMIT_REASONS, PIVOT_EVENTS } from './pivot.ts';
import {
  EVENT_ONLY,
  HEALTHY,
  PROGRESS,
  reasonList,
  toldBy,
  type ReasonList,
} from './reason-list.ts';

const PLAN_LISTS: readonly ReasonList[] = [
  reasonList({
    object: 'ClusterPlan',
    shownAs: ['ControlPlaneReady', 'WorkersReady'],
    constant: 'MACHINES_REASONS',
    file: 'cluster-plan.ts',
    reasons: MACHINES_REASONS,
    writers: ['agent/core'],
    quiet: {
      Ready: HEALTHY,
      NoNodePools: HEALTHY,
      WaitingForPivot: toldBy('ManagedCluster.Pivoted'),
      Moving: toldBy('Pivot.Ready'),
    },
  }),
  reasonList({
    object: 'ClusterPlan',
    shownAs: ['NodeLayersReady', 'AddOnsReady'],
    constant: 'LAYERS_REASONS',
    file: 'cluster-plan.ts',
    reasons: LAYERS_REASONS,
    writers: ['agent/core'],
    quiet: { Ready: HEALTHY, NoLayers: HEALTHY },
  }),
  reasonList({
    object: 'ClusterPlan',
    shownAs: ['PlanAccepted'],
    constant: 'PLAN_ACCEPTED_REASONS',
    file: 'cluster-plan.ts',
    reasons: PLAN_ACCEPTED_REASONS,
    writers: ['agent/pass.ts', 'agent/core/plan-copy.ts'],
    quiet: { Accepted: HEALTHY },
  }),
  reasonList({
    object: 'ClusterPlan',
    shownAs: ['AgentConnected'],
    constant: 'AGENT_CONNECTED_REASONS',
    file: 'cluster-plan.ts',
    reasons: AGENT_CONNECTED_REASONS,
    writers: ['agent/core', 'provider/heartbeat'],
    quiet: { HeartbeatReceived: HEALTHY },
  }),
];

const INSTALLATION_LISTS: readonly ReasonList[] = [
  reasonList({
    object: 'AgentInstallation',
    shownAs: ['Ready', 'status.parts'],
    constant: 'PART_REASONS',
    file: 'agent-installation.ts',
    reasons: PART_REASONS,
    writers: ['provider/installation', 'provider/core/installation'],
    quiet: {
      WaitingForTarget: toldBy('AgentInstallation.Ready'),
      WaitingForBootstrap: toldBy('AgentInstallation.Ready'),
      WaitingForProviderCRDs: toldBy('AgentInstallation.Ready'),
      WaitingForCertificates: toldBy('AgentInstallation.Ready'),
      WaitingForProviderObjects: toldBy('AgentInstallation.Ready'),
    },
  }),
  reasonList({
    object: 'AgentInstallation',
    shownAs: ['Ready'],
    constant: 'INSTALLATION_READY_REASONS',
    file: 'agent-installation.ts',
    reasons: INSTALLATION_READY_REASONS,
    writers: ['provider/core/installation'],
    quiet: { Available: HEALTHY },
  }),
  reasonList({
    object: 'AgentInstallation',
    shownAs: ['Event'],
    constant: 'INSTALLATION_EVENTS',
    file: 'agent-installation.ts',
    reasons: INSTALLATION_EVENTS,
    writers: ['provider/installation'],
    quiet: { ProvidersInstalled: PROGRESS, KubeconfigRenewed: PROGRESS, TokenIssued: PROGRESS },
  }),
  reasonList({
    object: 'AgentInstallation, Pivot',
    shownAs: ['Synced'],
    constant: 'SYNCED_REASONS',
    file: 'agent-installation.ts',
    reasons: SYNCED_REASONS,
    writers: [
      'lib/reconcile',
      'provider/core/installation',
      'provider/installation',
      'provider/pivot',
    ],
    quiet: { ReconcileSuccess: HEALTHY, ReconcileError: toldBy('AgentInstallation.Ready') },
  }),
];

const PIVOT_LISTS: readonly ReasonList[] = [
  reasonList({
    object: 'Pivot',
    shownAs: ['Ready'],
    constant: 'PREPARE_REASONS',
    file: 'pivot-ready.ts',
    reasons: PREPARE_REASONS,
    writers: ['provider/pivot', 'provider/core/pivot'],
    quiet: {},
  }),
  reasonList({
    object: 'Pivot',
    shownAs: ['Ready'],
    constant: 'READY_REASONS',
    file: 'pivot-ready.ts',
    reasons: READY_REASONS,
    writers: ['lib/reconcile', 'provider/pivot', 'provider/core/pivot'],
    quiet: { Completed: HEALTHY },
  }),
  reasonList({
    object: 'Pivot',
    shownAs: ['Aborted'],
    constant: 'ABORTED_REASONS',
    file: 'pivot.ts',
    reasons: ABORTED_REASONS,
    writers: ['provider/pivot'],
    quiet: { UnderWay: PROGRESS },
  }),
  reasonList({
    object: 'Pivot',
    shownAs: ['Committed', 'Released'],
    constant: 'COMMIT_REASONS',
    file: 'pivot.ts',
    reasons: COMMIT_REASONS,
    writers: ['provider/pivot'],
    quiet: {
      UnderWay: PROGRESS,
      Committed: HEALTHY,
      Released: HEALTHY,
      Aborted: toldBy('Pivot.Aborted'),
    },
  }),
  reasonList({
    object: 'Pivot',
    shownAs: ['Event'],
    constant: 'PIVOT_EVENTS',
    file: 'pivot.ts',
    reasons: PIVOT_EVENTS,
    writers: ['provider/pivot'],
    quiet: {
      PivotFenced: PROGRESS,
      PivotActivated: HEALTHY,
      PivotAdopted: HEALTHY,
      PivotCompleted: HEALTHY,
      PivotAborted: toldBy('Pivot.Aborted'),
      MachinesGone: toldBy('ClusterPlan.WorkersReady'),
      SourceNotRemoved: EVENT_ONLY,
      AccessNotReplaced: EVENT_ONLY,
      RecordedValuesUsed: EVENT_ONLY,
    },
  }),
];

/** REASON_LISTS are all reasons of the conditions, parts and Events of our objects, in the order of the cluster lifecycle. */
export const REASON_LISTS: readonly ReasonList[] = [
  ...CLUSTER_LISTS,
  ...INSTALLATION_LISTS,
  ...PIVOT_LISTS,
  ...PLAN_LISTS,
];
