import type {
  AgentConnectedReason,
  LayersReason,
  MachinesReason,
  PlanAcceptedReason,
} from '../../../lib/apis/reasons/cluster-plan.ts';
import type { Advice, NextStep } from '../finding.ts';
import { AGENT_LOGS, MANAGERS_THERE, OWNERS, PODS_THERE, WORKLOAD_KUBECONFIG } from './steps.ts';

const PLAN: NextStep = {
  do: 'see all that the agent reports',
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

/** SILENT is for an agent that is not heard of. */
export const SILENT: Advice = {
  why: 'The agent renews its Lease every ten seconds while it reaches the management side. The cluster goes on by itself in the meantime; only changes of the claim do not get there, and what is shown here is old.',
  severity: 'problem',
  next: [
    WORKLOAD_KUBECONFIG,
    AGENT_LOGS,
    {
      do: 'does it reach the management side? The endpoint is in its bootstrap Secret; when its token has expired, delete the Secret on the workload side and the provider makes another',
      run: "kubectl --kubeconfig {name}.kubeconfig -n managed-cluster-system get secret managed-cluster-agent-bootstrap -o jsonpath='{.data.endpoint}'",
    },
  ],
};

/** LAYER_FAILED is for a layer that could not be installed. */
export const LAYER_FAILED: Advice = {
  why: 'A layer could not be installed. The agent tries again by itself; layers after it wait.',
  severity: 'problem',
  next: [
    {
      do: 'when the layer itself is wrong, add a new version to the ClusterProfile and name it in the claim',
      run: '{kubectl} get clusterprofiles.m.managedcluster.io',
    },
    WORKLOAD_KUBECONFIG,
    PODS_THERE,
  ],
};

/** LAYER_INSTALLING is for a layer that is on its way. */
export const LAYER_INSTALLING: Advice = {
  why: 'The next layer is installed when all of this priority are ready.',
  usualSeconds: 600,
  next: [WORKLOAD_KUBECONFIG, PODS_THERE],
};

/** ANYTHING is for a condition of the ClusterPlan that no row knows. */
export const ANYTHING: Advice = {
  why: 'The agent reports it in the status of the ClusterPlan.',
  usualSeconds: 1800,
  next: [PLAN],
};

const BUSY: Advice = {
  why: 'Cluster API adds, replaces or removes machines in the workload cluster; that takes some minutes a machine.',
  usualSeconds: 1800,
  next: [WORKLOAD_KUBECONFIG, MACHINES, PLAN],
};

const OBJECTS: Advice = {
  why: 'The agent writes the objects of Cluster API in the workload cluster, and Cluster API works through them there.',
  usualSeconds: 120,
  next: [WORKLOAD_KUBECONFIG, MACHINES, MANAGERS_THERE, AGENT_LOGS],
};

/** MACHINES_REASONS is what to do about what ControlPlaneReady and WorkersReady say. */
export const MACHINES_REASONS: Readonly<
  Record<Exclude<MachinesReason, 'Ready' | 'NoNodePools' | 'WaitingForPivot' | 'Moving'>, Advice>
> = {
  Paused: {
    why: 'The Cluster is paused inside the workload cluster, so the agent changes nothing.',
    severity: 'note',
    next: [
      WORKLOAD_KUBECONFIG,
      {
        do: 'when it is time, un-pause it there',
        run: 'kubectl --kubeconfig {name}.kubeconfig -n {namespace} patch cluster.cluster.x-k8s.io/{name} --type=merge -p \'{"spec":{"paused":null}}\'',
      },
    ],
  },
  TakenBack: {
    why: 'The management side owns the cluster again: it is being deleted, or a Pivot has taken it back. The agent leaves its machines alone.',
    usualSeconds: 1800,
    next: [OWNERS],
  },
  WriteRefused: {
    why: 'The API server of the workload cluster refuses what the claim asks for; nothing of it is changed until that is corrected.',
    severity: 'problem',
    next: [
      { do: 'correct what the sentence above names: the claim, a policy, a webhook or a quota' },
      EDIT,
      WORKLOAD_KUBECONFIG,
      AGENT_LOGS,
    ],
  },
  VersionNotReachable: {
    why: 'Cluster API upgrades by one minor version at a time, and never goes back.',
    severity: 'problem',
    next: [{ ...EDIT, do: 'write a version into the claim that the sentence above allows' }],
  },
  UnusablePlan: {
    why: 'This version of the agent can not expand the plan: function and agent are of different versions, or the claim has a mistake that only the agent sees.',
    severity: 'problem',
    next: [
      EDIT,
      {
        do: 'see the version of the agent; the provider installs the one that it was made with',
        run: "{kubectl} -n {namespace} get clusterplans.m.managedcluster.io/{name} -o jsonpath='{.status.agentVersion}'",
      },
    ],
  },
  WaitingForControlPlane: OBJECTS,
  WaitingForPool: {
    why: 'A node pool is made as soon as the control plane is at the version of the claim.',
    usualSeconds: 1800,
    next: [WORKLOAD_KUBECONFIG, MACHINES, PLAN],
  },
  WaitingForObservedGeneration: OBJECTS,
  WaitingForMachines: {
    why: 'Every machine must have a ready Node. The findings about machines say what each waits for.',
    usualSeconds: 900,
    next: [WORKLOAD_KUBECONFIG, MACHINES, PODS_THERE],
  },
  RollingOut: BUSY,
  Scaling: BUSY,
};

/** LAYERS_REASONS is what to do about what NodeLayersReady and AddOnsReady say. */
export const LAYERS_REASONS: Readonly<Record<Exclude<LayersReason, 'Ready' | 'NoLayers'>, Advice>> =
  {
    Pending: {
      why: 'A layer is installed after those of a lower priority, and only when the Secrets that it names are in the namespace of the claim. Add-ons wait for the control plane.',
      usualSeconds: 1800,
      next: [
        {
          do: 'does the sentence above name a Secret? Create it',
          run: '{kubectl} -n {namespace} get secrets',
        },
        PLAN,
      ],
    },
    Installing: LAYER_INSTALLING,
    Failed: LAYER_FAILED,
  };

/** CONNECTED_REASONS is what to do about what AgentConnected says. */
export const CONNECTED_REASONS: Readonly<
  Record<Exclude<AgentConnectedReason, 'HeartbeatReceived'>, Advice>
> = { AgentSilent: SILENT };

/** PLAN_REASONS is what to do about what PlanAccepted says. */
export const PLAN_REASONS: Readonly<Record<Exclude<PlanAcceptedReason, 'Accepted'>, Advice>> = {
  OlderEpoch: {
    why: 'The cluster has seen a plan of a higher epoch. The management side is older than the cluster, as after the restore of a backup, or two management sides claim the cluster.',
    severity: 'problem',
    next: [OWNERS, PLAN],
  },
  ChangedInside: {
    why: 'Somebody edited the ClusterPlan in the workload cluster. The agent works by the edit until the claim changes; then the edit is lost.',
    severity: 'note',
    next: [{ ...EDIT, do: 'write the change into the claim too' }],
  },
};
