import { describe, expect, it } from '@jest/globals';
import { isTrue, recordIn } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { fc, runs } from '../../test/properties.ts';
import { decide } from './decide.ts';
import { controlPlaneStanding } from './control-plane.ts';
import { controlPlaneMachines, type Action, type Machinery } from './machinery.ts';
import {
  anInput,
  aPool,
  controlPlaneOf,
  factsOf,
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

function machineryIn({
  before,
  owner: side,
  clusterPaused,
  gone,
  trouble: how,
}: Situation): Machinery {
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
  readonly machinery: Machinery;
  readonly actions: readonly Action[];
} {
  const machinery = machineryIn(given);
  const facts = factsOf(anInput(given.after), { machinery, complete: given.complete });
  const plan = { ...facts.plan, handedOver: given.handedOver };
  return { machinery, actions: decide({ ...facts, plan }).actions };
}

function poolsIn(actions: readonly Action[]): readonly KubeObject[] {
  return actions
    .filter(({ kind, object }) => kind === 'Apply' && object.kind === 'MachineDeployment')
    .map(({ object }) => object);
}

function deploymentNamed(
  { deployments }: Machinery,
  name: string | undefined,
): KubeObject | undefined {
  return deployments.find(({ metadata }) => metadata.name === name);
}

function controlPlaneVersion({ controlPlane }: Machinery): string {
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
        const { machinery, actions } = decided(given);
        const replacing = poolsIn(actions).filter((pool) => {
          const observed = deploymentNamed(machinery, pool.metadata.name);
          return observed !== undefined && madeFrom(pool) !== madeFrom(observed);
        });
        if (replacing.length === 0) return;
        const version = controlPlaneVersion(machinery);
        const present = anInput({ ...given.after, kubernetes: { version } });
        expect(controlPlaneStanding(present, machinery)).toEqual({ done: true });
        expect(replacing.every((pool) => madeFrom(pool).includes(version))).toBe(true);
      }),
      runs(100),
    );
  });

  // docs/decisions/0012: a new pool needs API servers of its version, not all of the control plane.
  it('no pool is made before every control plane machine has its version and one of them serves', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { machinery, actions } = decided(given);
        const made = poolsIn(actions).filter(
          ({ metadata }) => deploymentNamed(machinery, metadata.name) === undefined,
        );
        if (made.length === 0) return;
        const version = controlPlaneVersion(machinery);
        const machines = controlPlaneMachines(machinery.machines);
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
        const machinery = running(anInput({ ...wanted, paused: false }));
        const { actions } = decide(factsOf(anInput({ ...wanted, paused: false }), { machinery }));
        expect(actions.filter(({ object }) => object.kind !== 'MachineHealthCheck')).toEqual([]);
      }),
      runs(60),
    );
  });

  it('a version goes up by one minor at most', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { machinery, actions } = decided(given);
        for (const { object } of actions) {
          if (object.kind !== 'KubeadmControlPlane') continue;
          const [from, to] = [machinery.controlPlane, object].map((one) =>
            VERSIONS.findIndex((version) => version === recordIn(one, 'spec')?.['version']),
          );
          expect([0, 1]).toContain((to ?? 0) - (from ?? 0));
        }
      }),
      runs(100),
    );
  });
});
