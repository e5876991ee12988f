import type { ClusterInput } from '../../capi/cloud.ts';
import { label } from '../../capi/gates.ts';
import { healthChecks, type Workers } from '../../capi/health-check.ts';
import { MACHINE_DEPLOYMENT } from '../../capi/kinds.ts';
import { NODE_POOL_LABEL } from '../../capi/labels.ts';
import { controlPlaneName, poolName } from '../../capi/object-names.ts';
import { isFresh } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { covers } from '../../lib/core/subset.ts';
import { marked } from './applied.ts';
import { awaited, isAtVersion, waiting, type Completion } from './control-plane.ts';
import type { WantedCluster, WantedPool } from './wanted-cluster.ts';
import {
  apply,
  belongsTo,
  countsAre,
  isQuiet,
  isUp,
  machinesOf,
  named,
  remove,
  versionOf,
  type Action,
  type ClusterState,
} from './cluster-state.ts';
import { isStorm } from './storm.ts';

/**
 * poolActions reconcile the pools with the plan. A new pool is created as soon as the control plane has
 * the version, even while it still scales (docs/decisions/0012); until the control plane is complete,
 * pools are only resized and no machine of a pool is replaced. At most `upgrade.workersInParallel` pools
 * replace their machines at the same time.
 */
export function poolActions(
  { input, pools }: WantedCluster,
  state: ClusterState,
  controlPlaneDone: boolean,
): readonly Action[] {
  const mayJoin = isAtVersion(input, state);
  let free = input.spec.upgrade.workersInParallel - rollingPools(state);
  return pools.flatMap(({ deployment, objects }) => {
    const observed = named(state.deployments, deployment);
    const replaces = observed !== undefined && replacesMachines(deployment, observed);
    if (observed === undefined && !mayJoin) return [];
    if (replaces && !controlPlaneDone) return [];
    if (replaces && !isRolling(observed, state)) {
      if (free <= 0) return [];
      free -= 1;
    }
    return objects.flatMap((object) => apply(object, there(object, state)));
  });
}

/** healthCheckActions reconcile the health checks with the plan, when their targets exist. */
export function healthCheckActions(input: ClusterInput, state: ClusterState): readonly Action[] {
  const wanted = healthChecks(input, workersIn(input, state))
    .filter(
      ({ metadata }) =>
        metadata.name === controlPlaneName(input) ||
        state.deployments.some((deployment) => deployment.metadata.name === metadata.name),
    )
    .map(marked);
  const obsolete = state.healthChecks.filter(
    (check) =>
      belongsTo(input, check) &&
      (isPool(check) || check.metadata.name === controlPlaneName(input)) &&
      named(wanted, check) === undefined,
  );
  return [
    ...wanted.flatMap((check) => apply(check, named(state.healthChecks, check))),
    ...obsolete.flatMap(remove),
  ];
}

function workersIn(input: ClusterInput, { deployments, machines }: ClusterState): Workers {
  const sizes = input.spec.nodePools.flatMap((pool) => {
    const name = poolName(input, pool);
    const deployment = deployments.find(({ metadata }) => metadata.name === name);
    return deployment === undefined ? [] : [[pool.name, replicasOf(deployment)] as const];
  });
  return { sizes: Object.fromEntries(sizes), storm: isStorm(machines) };
}

/** obsoletePools deletes only our pools that are no longer in the plan. */
export function obsoletePools(input: ClusterInput, state: ClusterState): readonly Action[] {
  const names = input.spec.nodePools.map((pool) => poolName(input, pool));
  return state.deployments
    .filter((deployment) => belongsTo(input, deployment) && isPool(deployment))
    .filter(({ metadata }) => !names.includes(metadata.name ?? ''))
    .flatMap(remove);
}

/** poolCompletion is done when every machine of a pool has a ready Node of its version. */
export function poolCompletion(
  input: ClusterInput,
  { pool, deployment: wanted }: WantedPool,
  state: ClusterState,
): Completion {
  const observed = named(state.deployments, wanted);
  if (observed === undefined)
    return waiting('WaitingForPool', `node pool ${pool.name} to be created`);
  const name = label(observed, MACHINE_DEPLOYMENT.kind);
  if (replacesMachines(wanted, observed) || !isFresh(observed) || !hasReplicas(wanted, observed)) {
    return waiting('WaitingForObservedGeneration', `${name} to observe the plan`);
  }
  const { version } = input.spec.kubernetes;
  const machines = machinesOf(state.machines, poolName(input, pool));
  const missing = machines.find((machine) => !isUp(machine, version));
  if (missing !== undefined) return waiting(...awaited(missing, version));
  const replicas = replicasOf(observed);
  if (machines.length !== replicas) {
    return waiting('Scaling', `${name} to have ${replicas} machines instead of ${machines.length}`);
  }
  const counts = ['replicas', 'readyReplicas', 'upToDateReplicas'];
  return countsAre(observed, replicas, counts) && isQuiet(observed, 'RollingOut')
    ? { done: true }
    : waiting('RollingOut', `${name} to have all machines ready and up to date`);
}

/** replicasOf is the desired number of machines; of an autoscaled MachineDeployment its own replicas. */
export function replicasOf(deployment: KubeObject | undefined): number {
  const replicas = recordIn(deployment, 'spec')?.['replicas'];
  return typeof replicas === 'number' ? replicas : 0;
}

function there(
  object: KubeObject,
  { deployments, templates }: ClusterState,
): KubeObject | undefined {
  return named(object.kind === MACHINE_DEPLOYMENT.kind ? deployments : templates, object);
}

/** The fields that replace machines; all other fields of a MachineDeployment change in place (facts/capi.md 4). */
function replacesMachines(wanted: KubeObject, observed: KubeObject): boolean {
  return !covers(madeFrom(observed), madeFrom(wanted));
}

function madeFrom(deployment: KubeObject): unknown {
  const template = recordIn(recordIn(deployment, 'spec'), 'template');
  const { version, bootstrap, infrastructureRef, failureDomain } = recordIn(template, 'spec') ?? {};
  return { version, bootstrap, infrastructureRef, failureDomain };
}

function hasReplicas(wanted: KubeObject, observed: KubeObject): boolean {
  return covers(replicasOf(observed), recordIn(wanted, 'spec')?.['replicas']);
}

function rollingPools(state: ClusterState): number {
  return state.deployments.filter((deployment) => isRolling(deployment, state)).length;
}

/** A pool with unhealthy machines that are up to date is not rolling out, so it does not block other pools. */
function isRolling(deployment: KubeObject, { machines }: ClusterState): boolean {
  const template = recordIn(recordIn(deployment, 'spec'), 'template');
  const version = recordIn(template, 'spec')?.['version'];
  const own = machinesOf(machines, deployment.metadata.name ?? '');
  return (
    !isFresh(deployment) ||
    !isQuiet(deployment, 'RollingOut') ||
    own.some((machine) => versionOf(machine) !== version) ||
    !countsAre(deployment, own.length, ['upToDateReplicas'])
  );
}

function isPool({ metadata }: KubeObject): boolean {
  return metadata.labels?.[NODE_POOL_LABEL] !== undefined;
}
