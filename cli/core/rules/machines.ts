import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import {
  findingOf,
  type Advice,
  type Evidence,
  type Finding,
  type Rule,
  type NextStep,
} from '../finding.ts';
import type { SideObjects, Snapshot } from '../snapshot.ts';
import { describe } from '../trouble.ts';

const DESCRIBE: NextStep = {
  do: 'see its conditions and events',
  run: '{kubectl} -n {namespace} describe {object}',
};

const ON_WORKLOAD: NextStep = {
  do: 'the object is in the workload cluster: describe it there',
  run: 'kubectl --kubeconfig {name}.kubeconfig -n {namespace} describe {object}',
};

/** Advice for a Machine that is not ready, by its first unhealthy condition (CAPI v1.14). */
const CONDITIONS: readonly { readonly type: string; readonly advice: Advice }[] = [
  {
    type: 'BootstrapConfigReady',
    advice: {
      why: 'The bootstrap data of the machine does not exist yet. For all machines but the first it needs a running control plane.',
      usualSeconds: 300,
      next: [DESCRIBE],
    },
  },
  {
    type: 'InfrastructureReady',
    advice: {
      why: 'The infrastructure provider is creating the machine. If this does not finish, the usual causes are quota, capacity and credentials.',
      usualSeconds: 600,
      next: [DESCRIBE],
    },
  },
  {
    type: 'NodeReady',
    advice: {
      why: 'The machine runs, but its Node is not ready or was not found. A Node becomes ready only with a CNI: the layer of type cni provides it. Cluster API finds the Node by spec.providerID: the layer of type ccm sets it.',
      usualSeconds: 600,
      next: [DESCRIBE],
    },
  },
  {
    type: 'HealthCheckSucceeded',
    advice: {
      why: 'A health check failed; the machine is replaced unless a setting prevents it.',
      usualSeconds: 1200,
      next: [DESCRIBE],
    },
  },
];

const NOT_READY: Advice = {
  why: 'The machine is not ready yet.',
  usualSeconds: 900,
  next: [DESCRIBE],
};

const DELETING: Advice = {
  why: 'Before a machine is removed, its Node is drained, its volumes are detached and its infrastructure is deleted. A PodDisruptionBudget that allows no eviction, or a provider that cannot reach its cloud, blocks this.',
  usualSeconds: 900,
  next: [DESCRIBE],
};

/** At most this many machines have their own finding. */
const MOST = 3;

/** machines reports unhealthy machines and pools: of the workload side when it has Machines, else of the management side. */
export const machines: Rule = (snapshot) => {
  const { management, workload } = snapshot;
  const there = workload.kind === 'Reached' && workload.objects.machines.length > 0;
  const side = there ? workload.objects : management;
  const ill = side.machines.filter((machine) => !isWell(machine));
  const told = ill.slice(0, MOST).map((machine) => machineFinding(snapshot, side, machine, there));
  return ill.length > MOST
    ? [...told, andMore(snapshot, ill.slice(MOST)), ...stuckPools(snapshot, side)]
    : [...told, ...stuckPools(snapshot, side)];
};

function isWell(machine: KubeObject): boolean {
  return machine.metadata.deletionTimestamp === undefined && isTrue(machine, 'Ready');
}

function machineFinding(
  snapshot: Snapshot,
  side: SideObjects,
  machine: KubeObject,
  there: boolean,
): Finding {
  const details = [machine, infrastructureOf(side, machine)].flatMap((one) => describe(one) ?? []);
  const evidence = { object: machine, details };
  if (machine.metadata.deletionTimestamp !== undefined) {
    return findingOf(snapshot, { ...evidence, ...deleting(machine) }, onSide(DELETING, there));
  }
  const first = CONDITIONS.find(({ type }) => isNot(machine, type));
  const own = notReady(machine, first?.type ?? 'Ready');
  return findingOf(snapshot, { ...evidence, ...own }, onSide(first?.advice ?? NOT_READY, there));
}

type Told = Pick<Evidence, 'reason' | 'what' | 'since'>;

function deleting({ metadata: { name = '', deletionTimestamp } }: KubeObject): Told {
  return {
    reason: 'MachineDeleting',
    what: `Machine ${name} is being deleted`,
    since: deletionTimestamp,
  };
}

function notReady(machine: KubeObject, type: string): Told {
  const { name = '', creationTimestamp } = machine.metadata;
  const phase = recordIn(machine, 'status')?.['phase'];
  const where = typeof phase === 'string' ? ` (phase ${phase})` : '';
  return {
    reason: 'MachineNotReady',
    what: `Machine ${name} is not ready${where}`,
    since: conditionOf(machine, type)?.lastTransitionTime ?? creationTimestamp,
  };
}

function isNot(machine: KubeObject, type: string): boolean {
  const status = conditionOf(machine, type)?.status;
  return status !== undefined && status !== 'True';
}

function onSide(advice: Advice, there: boolean): Advice {
  return there ? { ...advice, next: [ON_WORKLOAD] } : advice;
}

/** infrastructureOf is the infrastructure machine that a Machine refers to. */
export function infrastructureOf(side: SideObjects, machine: KubeObject): KubeObject | undefined {
  const ref = recordIn(recordIn(machine, 'spec'), 'infrastructureRef');
  return side.infrastructureMachines.find(
    ({ kind, metadata }) => kind === ref?.['kind'] && metadata.name === ref?.['name'],
  );
}

function andMore(snapshot: Snapshot, rest: readonly KubeObject[]): Finding {
  const names = rest.map(({ metadata }) => metadata.name ?? '').join(', ');
  const what = `${rest.length} more machines are not ready: ${names}`;
  const advice: Advice = { why: '', next: [] };
  return findingOf(snapshot, { reason: 'MachineNotReady', object: rest[0], what }, advice);
}

/** A pool with fewer machines than desired, independent of the health of its machines. */
function stuckPools(snapshot: Snapshot, side: SideObjects): readonly Finding[] {
  const there = side !== snapshot.management;
  return side.machineDeployments.flatMap((pool) => {
    const wanted = recordIn(pool, 'spec')?.['replicas'];
    const made = recordIn(pool, 'status')?.['replicas'] ?? 0;
    if (typeof wanted !== 'number' || typeof made !== 'number' || made >= wanted) return [];
    const details = [describe(pool)].filter((one) => one !== undefined);
    const since = conditionOf(pool, 'ScalingUp')?.lastTransitionTime;
    const what = `Node pool ${pool.metadata.name ?? ''} has ${made} of ${wanted} machines`;
    const advice: Advice = {
      why: 'Machines are created when the control plane is ready and no upgrade of it is in progress.',
      usualSeconds: 600,
      next: [there ? ON_WORKLOAD : DESCRIBE],
    };
    return [
      findingOf(snapshot, { reason: 'PoolTooSmall', object: pool, what, since, details }, advice),
    ];
  });
}
