import { describe, expect, it } from '@jest/globals';
import { isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { fc, runs } from '../../test/properties.ts';
import { decide } from './decide.ts';
import { controlPlaneCompletion } from './control-plane.ts';
import { controlPlaneMachines, type Action, type ClusterState } from './cluster-state.ts';
import {
  anInput,
  aPool,
  controlPlaneOf,
  observationOf,
  owned,
  running,
} from '../testing/cluster-states.ts';

const VERSIONS = ['v1.34.9', 'v1.35.4', 'v1.36.1', 'v1.37.0'] as const;

const claim = fc.record({
  kubernetes: fc.record({ version: fc.constantFrom(...VERSIONS) }),
  controlPlane: fc.record({ replicas: fc.constantFrom(1, 3, 5) }),
  nodePools: fc
    .uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 })
    .chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          fc.integer({ min: 0, max: 4 }).map((n) => ({ ...aPool(name, n), name })),
        ),
      ),
    ),
  paused: fc.boolean(),
});

const owner = fc.constantFrom('workload', 'moving', 'management', undefined);

/** How far the machines of a cluster are, beside what it was last told. */
const trouble = fc.record({
  controlPlaneReady: fc.boolean(),
  controlPlaneCount: fc.integer({ min: 0, max: 5 }),
  stale: fc.boolean(),
});

const situation = fc.record({
  before: claim,
  after: claim,
  owner,
  clusterPaused: fc.boolean(),
  gone: fc.boolean(),
  complete: fc.boolean(),
  handedOver: fc.boolean(),
  trouble,
});

type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

function stateIn({
  before,
  owner: side,
  clusterPaused,
  gone,
  trouble: how,
}: Situation): ClusterState {
  const present = running(anInput(before));
  const { cluster, controlPlane } = present;
  if (cluster === undefined || controlPlane === undefined) throw new Error('no cluster');
  const { annotations: _annotations, ...metadata } = cluster.metadata;
  return {
    ...present,
    cluster: gone ? undefined : owned({ ...cluster, metadata }, side, clusterPaused),
    controlPlane: how.stale
      ? { ...controlPlane, metadata: { ...controlPlane.metadata, generation: 2 } }
      : controlPlane,
    machines: how.controlPlaneReady
      ? present.machines
      : controlPlaneOf(how.controlPlaneCount, { up: false }),
  };
}

function decided(given: Situation): {
  readonly state: ClusterState;
  readonly actions: readonly Action[];
} {
  const state = stateIn(given);
  const observation = observationOf(anInput(given.after), { state, complete: given.complete });
  const plan = { ...observation.plan, handedOver: given.handedOver };
  return { state, actions: decide({ ...observation, plan }).actions };
}

function poolsIn(actions: readonly Action[]): readonly KubeObject[] {
  return actions
    .filter(({ kind, object }) => kind === 'Apply' && object.kind === 'MachineDeployment')
    .map(({ object }) => object);
}

function deploymentNamed(
  { deployments }: ClusterState,
  name: string | undefined,
): KubeObject | undefined {
  return deployments.find(({ metadata }) => metadata.name === name);
}

function controlPlaneVersion({ controlPlane }: ClusterState): string {
  return String(recordIn(controlPlane, 'spec')?.['version']);
}

function madeFrom(deployment: KubeObject | undefined): string {
  const template = recordIn(recordIn(deployment, 'spec'), 'template');
  const { version, infrastructureRef } = recordIn(template, 'spec') ?? {};
  return JSON.stringify({ version, infrastructureRef });
}

describe('whatever the situation', () => {
  it('nothing is written unless the cluster owns itself, is not paused and is known completely', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { actions } = decided(given);
        const may =
          !given.gone &&
          given.owner === 'workload' &&
          !given.clusterPaused &&
          !given.after.paused &&
          given.complete;
        expect(may || actions.length === 0).toBe(true);
      }),
      runs(100),
    );
  });

  it('no worker is replaced before the control plane is done', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { state, actions } = decided(given);
        const replacing = poolsIn(actions).filter((pool) => {
          const observed = deploymentNamed(state, pool.metadata.name);
          return observed !== undefined && madeFrom(pool) !== madeFrom(observed);
        });
        if (replacing.length === 0) return;
        const version = controlPlaneVersion(state);
        const present = anInput({ ...given.after, kubernetes: { version } });
        expect(controlPlaneCompletion(present, state)).toEqual({ done: true });
        expect(replacing.every((pool) => madeFrom(pool).includes(version))).toBe(true);
      }),
      runs(100),
    );
  });

  // docs/decisions/0012: a new pool needs API servers of its version, not all of the control plane.
  it('no pool is made before every control plane machine has its version and one of them serves', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { state, actions } = decided(given);
        const made = poolsIn(actions).filter(
          ({ metadata }) => deploymentNamed(state, metadata.name) === undefined,
        );
        if (made.length === 0) return;
        const version = controlPlaneVersion(state);
        const machines = controlPlaneMachines(state.machines);
        expect(machines.map((machine) => recordIn(machine, 'spec')?.['version'])).toEqual(
          machines.map(() => version),
        );
        expect(machines.some((machine) => isTrue(machine, 'Ready'))).toBe(true);
        expect(made.every((pool) => madeFrom(pool).includes(version))).toBe(true);
      }),
      runs(100),
    );
  });

  it('only what the plan does not want any longer is deleted, and never a machine or what holds them all', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { actions } = decided(given);
        const wanted = given.after.nodePools.map(({ name }) => `MachineDeployment demo-${name}`);
        const deleted = actions
          .filter(({ kind }) => kind === 'Delete')
          .map(({ object }) => `${object.kind} ${object.metadata.name ?? ''}`);
        const kinds = /^(MachineDeployment|MachineHealthCheck|\w+Template) /;
        expect(deleted.filter((one) => !kinds.test(one) || wanted.includes(one))).toEqual([]);
      }),
      runs(100),
    );
  });

  it('what was applied is not applied again', () => {
    fc.assert(
      fc.property(claim, (wanted) => {
        const state = running(anInput({ ...wanted, paused: false }));
        const { actions } = decide(observationOf(anInput({ ...wanted, paused: false }), { state }));
        expect(actions.filter(({ object }) => object.kind !== 'MachineHealthCheck')).toEqual([]);
      }),
      runs(60),
    );
  });

  it('a version goes up by one minor at most', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { state, actions } = decided(given);
        for (const { object } of actions) {
          if (object.kind !== 'KubeadmControlPlane') continue;
          const [from, to] = [state.controlPlane, object].map((one) =>
            VERSIONS.findIndex((version) => version === recordIn(one, 'spec')?.['version']),
          );
          expect([0, 1]).toContain((to ?? 0) - (from ?? 0));
        }
      }),
      runs(100),
    );
  });
});
