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

/** Where a predicate shows, in the objects of the management side. */
type Place = 'cluster' | 'infrastructureCluster' | 'controlPlane' | 'machine';

interface GateAdvice extends Advice {
  readonly place: Place;
  /** The condition there that the predicate asks for. */
  readonly condition?: string;
}

const DESCRIBE: NextStep = {
  do: 'see what its controller says',
  run: '{kubectl} -n {namespace} describe {object}',
};

const CAPI_LOGS: NextStep = {
  do: 'see what the managers of Cluster API say',
  run: '{kubectl} get pods -A -l cluster.x-k8s.io/provider',
};

const NODES: NextStep = {
  do: 'see in the cluster itself whether a Node lacks its providerID, or has the taint node.cloudprovider.kubernetes.io/uninitialized: then the profile has no layer of type ccm, or its Pod does not run',
  run: 'kubectl --kubeconfig {name}.kubeconfig describe nodes',
};

const WAIT_IT_OUT: NextStep = { do: 'wait: this ends by itself' };

/** AgentInstallation itself is the subject of another rule, which knows its parts. */
type Advised = Exclude<GateReason, 'WaitingForReady'>;

/** PREDICATES is what to do about each predicate of the gates G1 and G2. Seconds are generous. */
export const PREDICATES: Readonly<Record<Advised, GateAdvice>> = {
  WaitingForCluster: {
    place: 'cluster',
    why: 'Crossplane creates the Cluster API objects right after the claim is accepted.',
    usualSeconds: 60,
    next: [
      {
        do: 'see whether Crossplane can create it',
        run: '{kubectl} -n {namespace} describe {resource}',
      },
      {
        do: 'the CRDs of Cluster API must be there',
        run: '{kubectl} get crd clusters.cluster.x-k8s.io',
      },
    ],
  },
  WaitingForInfrastructure: {
    place: 'infrastructureCluster',
    why: 'The infrastructure provider is making networks, the load balancer and what else the first machine needs.',
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
    why: 'The infrastructure is there, but nobody has given the control plane an address: the provider of the load balancer does, or controlPlane.endpoint in the claim.',
    usualSeconds: 600,
    next: [DESCRIBE],
  },
  WaitingForControlPlaneInitialized: {
    place: 'controlPlane',
    why: 'The first control plane machine boots, and kubeadm makes a control plane of it.',
    usualSeconds: 900,
    next: [
      {
        do: 'see where the machine is',
        run: '{kubectl} -n {namespace} get machines.cluster.x-k8s.io -l cluster.x-k8s.io/cluster-name={name}',
      },
      DESCRIBE,
      {
        do: 'when the machine runs but does not come up, read /var/log/cloud-init-output.log on it (spec.ssh of the claim lets you in)',
      },
    ],
  },
  WaitingForRemoteConnectionProbe: {
    place: 'cluster',
    condition: 'RemoteConnectionProbe',
    why: 'The management side can not reach the API server of the new cluster, or could not the last time that it tried; it tries every 30 seconds.',
    usualSeconds: 300,
    next: [
      {
        do: 'try it yourself, from where Cluster API runs: address and port must be open to the management side',
        run: "{kubectl} -n {namespace} get cluster.cluster.x-k8s.io/{name} -o jsonpath='{.spec.controlPlaneEndpoint}'",
      },
      DESCRIBE,
    ],
  },
  WaitingForInitialized: {
    place: 'controlPlane',
    condition: 'Initialized',
    why: 'The control plane provider has not seen the first machine initialised; it looks through a connection that is tried anew every 30 seconds.',
    usualSeconds: 300,
    next: [DESCRIBE, CAPI_LOGS],
  },
  WaitingForAvailable: {
    place: 'controlPlane',
    condition: 'Available',
    why: 'etcd or a component of the control plane is not healthy, or can not be inspected: that takes a Node with spec.providerID for each machine, which the cloud controller writes.',
    usualSeconds: 300,
    next: [DESCRIBE, NODES],
  },
  WaitingForObservedGeneration: {
    place: 'cluster',
    why: 'What status says is about an older spec.',
    usualSeconds: 60,
    next: [{ do: 'see whether the managers of Cluster API run', run: CAPI_LOGS.run ?? '' }],
  },
  WaitingForDeletion: {
    place: 'cluster',
    why: 'Somebody deleted an object of the cluster. It goes as soon as its machines are gone, and is made again then.',
    severity: 'problem',
    next: [
      {
        do: 'see what it waits for',
        run: '{kubectl} -n {namespace} describe cluster.cluster.x-k8s.io/{name}',
      },
      { do: 'to delete the cluster, delete the ManagedCluster instead: it does so in order' },
    ],
  },
  WaitingForUnpause: {
    place: 'cluster',
    why: 'A paused Cluster is not handed over: whoever paused it wants nothing to change.',
    severity: 'problem',
    next: [
      {
        do: 'find out who paused it (a field manager in metadata.managedFields), then un-pause it',
        run: '{kubectl} -n {namespace} patch cluster.cluster.x-k8s.io/{name} --type=merge -p \'{"spec":{"paused":null}}\'',
      },
    ],
  },
  WaitingForControlPlaneMachines: {
    place: 'controlPlane',
    why: 'Nothing is handed over while a machine of the control plane is not ready.',
    usualSeconds: 600,
    next: [DESCRIBE],
  },
  WaitingForMachines: {
    place: 'machine',
    why: 'Every Machine must have a ready Node. A Node that is not ready has no network yet as a rule: the layer of type cni brings it. A Machine without a Node waits for spec.providerID on it: the layer of type ccm brings it.',
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
    why: 'Nothing is handed over while machines come or go.',
    usualSeconds: 1800,
    next: [WAIT_IT_OUT, DESCRIBE],
  };
}

/** gates is what the gate waits for that the cluster stands before. */
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

/** From then on Pivoted says what the Pivot waits for, which asks gate G2 again. */
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

/** The objects that the predicate is about tell more than the claim, and since when; its own time is older. */
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

/** The condition that the predicate is about tells since when; that of the claim is older. */
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
