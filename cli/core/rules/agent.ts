import { HEARTBEAT_SECONDS, HEARTBEATS_MISSED } from '../../../lib/apis/agent.ts';
import { conditionOf, isRecord, recordIn } from '../../../lib/core/conditions.ts';
import { duration } from '../duration.ts';
import {
  findingOf,
  ofCondition,
  said,
  secondsBetween,
  type Advice,
  type Finding,
  type Rule,
} from '../finding.ts';
import { headOf, type Snapshot } from '../snapshot.ts';
import { AGENT_LOGS, PODS_THERE, WORKLOAD_KUBECONFIG } from './steps.ts';

const SILENT: Advice = {
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

const BEHIND: Advice = {
  why: 'The agent works on an older plan. It takes in a new one within seconds while it is connected.',
  usualSeconds: 60,
  next: [
    {
      do: 'see what the agent reports',
      run: '{kubectl} -n {namespace} describe clusterplans.m.managedcluster.io/{name}',
    },
  ],
};

const LAYER_FAILED: Advice = {
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

const LAYER_INSTALLING: Advice = {
  why: 'The next layer is installed when all of this priority are ready.',
  usualSeconds: 600,
  next: [WORKLOAD_KUBECONFIG, PODS_THERE],
};

const CONDITION: Advice = {
  why: 'The agent reports it in the status of the ClusterPlan.',
  usualSeconds: 1800,
  next: [
    {
      do: 'see all that the agent reports',
      run: '{kubectl} -n {namespace} describe clusterplans.m.managedcluster.io/{name}',
    },
  ],
};

/** agent is what comes of the agent: whether it speaks, and what it says of machines and layers. */
export const agent: Rule = (snapshot) => {
  const head = headOf(snapshot);
  if (head?.metadata.deletionTimestamp !== undefined || snapshot.plan === undefined) return [];
  return [...silence(snapshot), ...behind(snapshot), ...layers(snapshot), ...conditions(snapshot)];
};

/** heartbeatSeconds is how long ago the agent renewed its Lease; undefined when it never did. */
export function heartbeatSeconds({ heartbeat, takenAt }: Snapshot): number | undefined {
  const renewed = recordIn(heartbeat, 'spec')?.['renewTime'];
  return typeof renewed === 'string' ? secondsBetween(renewed, takenAt) : undefined;
}

function silence(snapshot: Snapshot): readonly Finding[] {
  const { plan, heartbeat } = snapshot;
  const seconds = heartbeatSeconds(snapshot);
  if (seconds === undefined) {
    const connected = conditionOf(plan, 'AgentConnected');
    if (connected?.status !== 'False') return [];
    const evidence = ofCondition(plan, connected, `The agent is not connected: ${said(connected)}`);
    return [findingOf(snapshot, { ...evidence, reason: 'AgentSilent' }, SILENT)];
  }
  if (seconds <= HEARTBEAT_SECONDS * HEARTBEATS_MISSED) return [];
  const renewed = recordIn(heartbeat, 'spec')?.['renewTime'];
  const evidence = {
    reason: 'AgentSilent',
    object: heartbeat,
    what: `The agent was last heard of ${duration(seconds)} ago`,
    since: typeof renewed === 'string' ? renewed : undefined,
  };
  return [findingOf(snapshot, evidence, SILENT)];
}

function behind(snapshot: Snapshot): readonly Finding[] {
  const { plan } = snapshot;
  const seen = recordIn(plan, 'status')?.['observedGeneration'];
  const wanted = plan?.metadata.generation;
  if (typeof seen !== 'number' || wanted === undefined || seen === wanted) return [];
  const what = `The agent works on generation ${seen} of the plan; wanted is ${wanted}`;
  return [findingOf(snapshot, { reason: 'PlanNotTakenIn', object: plan, what }, BEHIND)];
}

function layers(snapshot: Snapshot): readonly Finding[] {
  const { plan } = snapshot;
  const reported: unknown = recordIn(plan, 'status')?.['layers'];
  if (!Array.isArray(reported)) return [];
  return reported.filter(isRecord).flatMap(({ name, phase, message }) => {
    if (phase !== 'Failed' && phase !== 'Installing') return [];
    const failed = phase === 'Failed';
    const text = typeof message === 'string' && message !== '' ? `: ${message}` : '';
    const evidence = {
      reason: failed ? 'LayerFailed' : 'LayerInstalling',
      object: plan,
      what: `Layer ${String(name)} ${failed ? 'has failed' : 'is being installed'}${text}`,
    };
    return [findingOf(snapshot, evidence, failed ? LAYER_FAILED : LAYER_INSTALLING)];
  });
}

/** Reasons that only say that something else comes first, which has a finding of its own. */
const CONSEQUENCES: readonly string[] = ['WaitingForPivot', 'Moving', 'Paused'];

/** The sums of the agent: of layers only where none is told by itself. */
function conditions(snapshot: Snapshot): readonly Finding[] {
  const { plan } = snapshot;
  const sums = layers(snapshot).length > 0 ? MACHINES : [...MACHINES, ...LAYERS];
  return sums.flatMap((type) => {
    const condition = conditionOf(plan, type);
    if (condition?.status !== 'False' || CONSEQUENCES.includes(condition.reason ?? '')) return [];
    const evidence = ofCondition(plan, condition);
    const reason = type.replace(/Ready$/, 'NotReady');
    return [findingOf(snapshot, { ...evidence, reason }, CONDITION)];
  });
}

const MACHINES = ['ControlPlaneReady', 'WorkersReady'];
const LAYERS = ['NodeLayersReady', 'AddOnsReady'];
