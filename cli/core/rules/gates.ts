import { G1_REASONS, G2_REASONS, type GateReason } from '../../../lib/apis/reasons/gates.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import {
  findingOf,
  ofCondition,
  type Advice,
  type Evidence,
  type Finding,
  type Rule,
  type NextStep,
} from '../finding.ts';
import { headOf, type Snapshot } from '../snapshot.ts';
import { describe } from '../trouble.ts';

/** The object of the management side that a predicate is about. */
type Place = 'cluster' | 'infrastructureCluster' | 'controlPlane' | 'machine';

interface GateAdvice extends Advice {
  readonly place: Place;
  /** The condition of that object that the predicate checks. */
  readonly condition?: string;
}

const DESCRIBE: NextStep = {
  do: 'see its conditions and events',
  run: '{kubectl} -n {namespace} describe {object}',
};

const CAPI_LOGS: NextStep = {
  do: 'find the Cluster API managers and read their logs',
  run: '{kubectl} get pods -A -l cluster.x-k8s.io/provider',
};

const NODES: NextStep = {
  do: 'check in the cluster whether a Node has no providerID, or has the taint node.cloudprovider.kubernetes.io/uninitialized: then the profile has no layer of type ccm, or its Pod does not run',
  run: 'kubectl --kubeconfig {name}.kubeconfig describe nodes',
};

const WAIT_IT_OUT: NextStep = { do: 'wait: this resolves without action' };

/** Another rule reports the AgentInstallation and its parts. */
type Advised = Exclude<GateReason, 'WaitingForReady'>;

/** PREDICATES is the advice for each predicate of the gates G1 and G2. The seconds are generous. */
export const PREDICATES: Readonly<Record<Advised, GateAdvice>> = {
  WaitingForCluster: {
    place: 'cluster',
    why: 'Crossplane creates the Cluster API objects right after the claim is accepted.',
    usualSeconds: 60,
    next: [
      {
        do: 'check whether Crossplane can create it',
        run: '{kubectl} -n {namespace} describe {resource}',
      },
      {
        do: 'check that the CRDs of Cluster API are installed',
        run: '{kubectl} get crd clusters.cluster.x-k8s.io',
      },
    ],
  },
  WaitingForInfrastructure: {
    place: 'infrastructureCluster',
    why: 'The infrastructure provider creates the networks, the load balancer and everything else that the first machine needs.',
    usualSeconds: 900,
    next: [
      DESCRIBE,
      {
        do: 'check the credentials that cloud.identityRef names, and the quota of the account',
        run: "{kubectl} -n {namespace} get {resource} -o jsonpath='{.spec.cloud}'",
      },
    ],
  },
  WaitingForEndpoint: {
    place: 'infrastructureCluster',
    why: 'The infrastructure is provisioned, but the control plane has no address yet. It comes from the provider of the load balancer, or from controlPlane.endpoint in the claim.',
    usualSeconds: 600,
    next: [DESCRIBE],
  },
  WaitingForControlPlaneInitialized: {
    place: 'controlPlane',
    why: 'The first control plane machine boots, and kubeadm initializes the control plane on it.',
    usualSeconds: 900,
    next: [
      {
        do: 'see the phase of the machine',
        run: '{kubectl} -n {namespace} get machines.cluster.x-k8s.io -l cluster.x-k8s.io/cluster-name={name}',
      },
      DESCRIBE,
      {
        do: 'if the machine runs but does not join, read /var/log/cloud-init-output.log on it (spec.ssh of the claim gives you access)',
      },
    ],
  },
  WaitingForRemoteConnectionProbe: {
    place: 'cluster',
    condition: 'RemoteConnectionProbe',
    why: 'The management side could not reach the API server of the new cluster in its last attempt; it retries every 30 seconds.',
    usualSeconds: 300,
    next: [
      {
        do: 'try to connect from where Cluster API runs: the management side must be able to reach this address and port',
        run: "{kubectl} -n {namespace} get cluster.cluster.x-k8s.io/{name} -o jsonpath='{.spec.controlPlaneEndpoint}'",
      },
      DESCRIBE,
    ],
  },
  WaitingForInitialized: {
    place: 'controlPlane',
    condition: 'Initialized',
    why: 'The control plane provider does not see the first machine as initialized yet; it needs a connection to the cluster, which is retried every 30 seconds.',
    usualSeconds: 300,
    next: [DESCRIBE, CAPI_LOGS],
  },
  WaitingForAvailable: {
    place: 'controlPlane',
    condition: 'Available',
    why: 'etcd or a component of the control plane is not healthy or cannot be inspected. Inspection needs a Node with spec.providerID for each machine; the cloud controller manager sets it.',
    usualSeconds: 300,
    next: [DESCRIBE, NODES],
  },
  WaitingForObservedGeneration: {
    place: 'cluster',
    why: 'The status is for an older generation of the spec.',
    usualSeconds: 60,
    next: [{ do: 'check that the Cluster API managers run', run: CAPI_LOGS.run ?? '' }],
  },
  WaitingForDeletion: {
    place: 'cluster',
    why: 'An object of the cluster was deleted. It is removed when its machines are gone, and is then created again.',
    severity: 'problem',
    next: [
      {
        do: 'see what it waits for',
        run: '{kubectl} -n {namespace} describe cluster.cluster.x-k8s.io/{name}',
      },
      { do: 'to delete the cluster, delete the ManagedCluster instead: its deletion is ordered' },
    ],
  },
  WaitingForUnpause: {
    place: 'cluster',
    why: 'A paused Cluster is not handed over, because nothing may change while it is paused.',
    severity: 'problem',
    next: [
      {
        do: 'find out who paused it (the field manager in metadata.managedFields), then un-pause it',
        run: '{kubectl} -n {namespace} patch cluster.cluster.x-k8s.io/{name} --type=merge -p \'{"spec":{"paused":null}}\'',
      },
    ],
  },
  WaitingForControlPlaneMachines: {
    place: 'controlPlane',
    why: 'The cluster is not handed over while a control plane machine is not ready.',
    usualSeconds: 600,
    next: [DESCRIBE],
  },
  WaitingForMachines: {
    place: 'machine',
    why: 'Every Machine must have a ready Node. A Node that is not ready usually has no network yet: the layer of type cni provides it. A Machine without a Node usually waits for spec.providerID on the Node: the layer of type ccm sets it.',
    usualSeconds: 600,
    next: [DESCRIBE, NODES],
  },
  WaitingForEndOfRollingOut: endOf('RollingOut'),
  WaitingForEndOfScalingUp: endOf('ScalingUp'),
  WaitingForEndOfScalingDown: endOf('ScalingDown'),
  WaitingForEndOfRemediating: endOf('Remediating'),
  WaitingForEndOfDeleting: endOf('Deleting'),
};

function endOf(condition: string): GateAdvice {
  return {
    place: 'controlPlane',
    condition,
    why: 'The cluster is not handed over while machines are added or removed.',
    usualSeconds: 1800,
    next: [WAIT_IT_OUT, DESCRIBE],
  };
}

/** gates reports what the next gate of the cluster waits for. */
export const gates: Rule = (snapshot) => {
  const head = headOf(snapshot);
  const accepted = conditionOf(head, 'Accepted');
  if (head === undefined || accepted === undefined || head.metadata.deletionTimestamp !== undefined)
    return [];
  return [
    ...gate(snapshot, head, 'ControlPlaneInitialized', G1_REASONS),
    ...(isPivoting(snapshot, head) ? [] : gate(snapshot, head, 'Pivoted', G2_REASONS)),
  ];
};

/** While a Pivot exists, Pivoted has the reason of the Pivot, which checks gate G2 again. */
function isPivoting({ pivot }: Snapshot, head: KubeObject): boolean {
  return pivot !== undefined || recordIn(head, 'status')?.['phase'] === 'Pivoting';
}

function gate(
  snapshot: Snapshot,
  head: KubeObject,
  type: string,
  reasons: Readonly<Record<string, GateReason>>,
): readonly Finding[] {
  const condition = conditionOf(head, type);
  const advice = predicate(reasons[condition?.reason ?? '']);
  if (condition?.status !== 'False' || advice === undefined) return [];
  const evidence = evidenceOf(snapshot, advice, ofCondition(head, condition));
  return [findingOf(snapshot, evidence, advice)];
}

function predicate(reason: GateReason | undefined): GateAdvice | undefined {
  return reason === undefined || reason === 'WaitingForReady' ? undefined : PREDICATES[reason];
}

/** Prefer the object of the predicate over the claim: it has more details and a more precise time. */
function evidenceOf(snapshot: Snapshot, advice: GateAdvice, own: Evidence): Evidence {
  const { place } = advice;
  return {
    ...own,
    object: placeOf(snapshot, place) ?? snapshot.management.cluster ?? own.object,
    since: sinceOf(snapshot, advice) ?? own.since,
    details: detailsAt(snapshot, place),
  };
}

function placeOf(snapshot: Snapshot, place: Place): KubeObject | undefined {
  const { management } = snapshot;
  return place === 'machine' ? firstUnready(management.machines) : management[place];
}

function firstUnready(machines: readonly KubeObject[]): KubeObject | undefined {
  return machines.find(
    (machine) =>
      conditionOf(machine, 'Ready')?.status !== 'True' ||
      recordIn(recordIn(machine, 'status'), 'nodeRef') === undefined,
  );
}

/** The transition time of the condition that the predicate checks; that of the claim is older. */
function sinceOf(snapshot: Snapshot, { place, condition }: GateAdvice): string | undefined {
  if (condition === undefined) return undefined;
  return conditionOf(placeOf(snapshot, place), condition)?.lastTransitionTime;
}

function detailsAt({ management }: Snapshot, place: Place): readonly string[] {
  const objects =
    place === 'controlPlane' || place === 'machine'
      ? [management.controlPlane]
      : [management.infrastructureCluster];
  return objects.flatMap((object) => describe(object) ?? []);
}
