import type {
  AgentConnectedReason,
  LayersReason,
  MachinesReason,
  PlanAcceptedReason,
} from '../../../lib/apis/reasons/cluster-plan.ts';
import type { Advice, NextStep } from '../finding.ts';
import { AGENT_LOGS, MANAGERS_THERE, OWNERS, PODS_THERE, WORKLOAD_KUBECONFIG } from './steps.ts';

const PLAN: NextStep = {
  do: 'see everything that the agent reports',
  run: '{kubectl} -n {namespace} describe clusterplans.m.managedcluster.io/{name}',
};

const EDIT: NextStep = {
  do: 'change the claim',
  run: '{kubectl} -n {namespace} edit {resource}',
};

const MACHINES: NextStep = {
  do: 'see the machines in the workload cluster',
  run: 'kubectl --kubeconfig {name}.kubeconfig -n {namespace} get cluster-api',
};

/** SILENT is for an agent without a recent heartbeat. */
export const SILENT: Advice = {
  why: 'The agent renews its Lease every ten seconds while it can reach the management side. The cluster keeps managing itself in the meantime; but changes to the claim do not reach it, and the status shown here is outdated.',
  severity: 'problem',
  next: [
    WORKLOAD_KUBECONFIG,
    AGENT_LOGS,
    {
      do: 'check that it can reach the management side at the endpoint in its bootstrap Secret; if its token has expired, delete the Secret on the workload side and the provider creates a new one',
      run: "kubectl --kubeconfig {name}.kubeconfig -n managed-cluster-system get secret managed-cluster-agent-bootstrap -o jsonpath='{.data.endpoint}'",
    },
  ],
};

/** LAYER_FAILED is for a layer that could not be installed. */
export const LAYER_FAILED: Advice = {
  why: 'A layer could not be installed. The agent retries; later layers wait.',
  severity: 'problem',
  next: [
    {
      do: 'if the layer itself is wrong, add a new version to the ClusterProfile and select it in the claim',
      run: '{kubectl} get clusterprofiles.m.managedcluster.io',
    },
    WORKLOAD_KUBECONFIG,
    PODS_THERE,
  ],
};

/** LAYER_INSTALLING is for a layer whose installation is in progress. */
export const LAYER_INSTALLING: Advice = {
  why: 'The next layer is installed when all layers of this priority are ready.',
  usualSeconds: 600,
  next: [WORKLOAD_KUBECONFIG, PODS_THERE],
};

/** ANYTHING is for a condition of the ClusterPlan without advice of its own. */
export const ANYTHING: Advice = {
  why: 'The agent reports it in the status of the ClusterPlan.',
  usualSeconds: 1800,
  next: [PLAN],
};

const BUSY: Advice = {
  why: 'Cluster API adds, replaces or removes machines in the workload cluster; this takes several minutes per machine.',
  usualSeconds: 1800,
  next: [WORKLOAD_KUBECONFIG, MACHINES, PLAN],
};

const OBJECTS: Advice = {
  why: 'The agent writes the Cluster API objects in the workload cluster, and Cluster API reconciles them there.',
  usualSeconds: 120,
  next: [WORKLOAD_KUBECONFIG, MACHINES, MANAGERS_THERE, AGENT_LOGS],
};

/** MACHINES_REASONS is the advice for the reasons of ControlPlaneReady and WorkersReady. */
export const MACHINES_REASONS: Readonly<
  Record<Exclude<MachinesReason, 'Ready' | 'NoNodePools' | 'WaitingForPivot' | 'Moving'>, Advice>
> = {
  Paused: {
    why: 'The Cluster is paused inside the workload cluster, so the agent changes nothing.',
    severity: 'note',
    next: [
      WORKLOAD_KUBECONFIG,
      {
        do: 'to continue, un-pause it there',
        run: 'kubectl --kubeconfig {name}.kubeconfig -n {namespace} patch cluster.cluster.x-k8s.io/{name} --type=merge -p \'{"spec":{"paused":null}}\'',
      },
    ],
  },
  TakenBack: {
    why: 'The management side owns the cluster again: it is being deleted, or a Pivot has taken it back. The agent does not change its machines.',
    usualSeconds: 1800,
    next: [OWNERS],
  },
  WriteRefused: {
    why: 'The API server of the workload cluster rejects a change that the claim asks for; nothing is changed until this is corrected.',
    severity: 'problem',
    next: [
      { do: 'correct the cause in the message above: the claim, a policy, a webhook or a quota' },
      EDIT,
      WORKLOAD_KUBECONFIG,
      AGENT_LOGS,
    ],
  },
  VersionNotReachable: {
    why: 'Cluster API upgrades one minor version at a time and does not downgrade.',
    severity: 'problem',
    next: [{ ...EDIT, do: 'set a version in the claim that the message above allows' }],
  },
  UnusablePlan: {
    why: 'This version of the agent cannot expand the plan: function and agent have different versions, or the claim has a mistake that only the agent detects.',
    severity: 'problem',
    next: [
      EDIT,
      {
        do: 'see the version of the agent; the provider installs the agent of its own release',
        run: "{kubectl} -n {namespace} get clusterplans.m.managedcluster.io/{name} -o jsonpath='{.status.agentVersion}'",
      },
    ],
  },
  WaitingForControlPlane: OBJECTS,
  WaitingForPool: {
    why: 'A node pool is created as soon as the control plane has the version of the claim.',
    usualSeconds: 1800,
    next: [WORKLOAD_KUBECONFIG, MACHINES, PLAN],
  },
  WaitingForObservedGeneration: OBJECTS,
  WaitingForMachines: {
    why: 'Every machine must have a ready Node. The findings about machines show what each one waits for.',
    usualSeconds: 900,
    next: [WORKLOAD_KUBECONFIG, MACHINES, PODS_THERE],
  },
  RollingOut: BUSY,
  Scaling: BUSY,
};

/** LAYERS_REASONS is the advice for the reasons of NodeLayersReady and AddOnsReady. */
export const LAYERS_REASONS: Readonly<Record<Exclude<LayersReason, 'Ready' | 'NoLayers'>, Advice>> =
  {
    Pending: {
      why: 'A layer is installed after the layers of lower priority, and only when the Secrets that it references exist in the namespace of the claim and allow the cluster to use them (annotation managedcluster.io/usable-by). Add-ons wait for the control plane.',
      usualSeconds: 1800,
      next: [
        {
          do: 'if the message above names a Secret, create it with that annotation',
          run: '{kubectl} -n {namespace} get secrets',
        },
        PLAN,
      ],
    },
    Installing: LAYER_INSTALLING,
    Failed: LAYER_FAILED,
  };

/** CONNECTED_REASONS is the advice for the reasons of AgentConnected. */
export const CONNECTED_REASONS: Readonly<
  Record<Exclude<AgentConnectedReason, 'HeartbeatReceived'>, Advice>
> = { AgentSilent: SILENT };

/** PLAN_REASONS is the advice for the reasons of PlanAccepted. */
export const PLAN_REASONS: Readonly<Record<Exclude<PlanAcceptedReason, 'Accepted'>, Advice>> = {
  OlderEpoch: {
    why: 'The cluster has already accepted a plan with a higher epoch. The management side has older data than the cluster, for example after a restore from backup, or two management clusters claim the cluster.',
    severity: 'problem',
    next: [OWNERS, PLAN],
  },
  ManagementRestored: {
    why: 'The management side was restored from a backup, or the claim was made again on another one: its plan does not follow from the plan that the cluster has. The cluster keeps what it has, because an older plan would remove what was added since.',
    severity: 'problem',
    next: [
      { ...EDIT, do: 'change the claim until it asks for what the cluster has' },
      {
        do: 'or accept the plan as it is with the command in the message above: what it does not ask for is removed from the cluster',
      },
    ],
  },
  ChangedInside: {
    why: 'The ClusterPlan was edited in the workload cluster. The agent follows the edit until the claim changes; then the edit is lost.',
    severity: 'note',
    next: [{ ...EDIT, do: 'make the same change in the claim' }],
  },
};
