import { describe, expect, it } from '@jest/globals';
import { RunFunctionRequest, RunFunctionResponse } from '@crossplane-org/function-sdk-typescript';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { runFunction } from '../run-function.ts';
import { fc, runs } from '../../test/properties.ts';
import { CONTROL_PLANE, isClusterApi, isTemplate, PIVOT } from './composed-names.ts';
import { decide, type Decision } from './decide.ts';
import { factsOf } from './facts.ts';
import { PHASE_NAMES } from './phase.ts';
import { fedBack, type Scene } from '../testing/scenes.ts';
import { aWorld, CLAIM_KINDS, claiming, statusFrom } from '../testing/arbitrary-scenes.ts';

const claimKind = fc.constantFrom(...CLAIM_KINDS);
const aCall = fc
  .tuple(aWorld, claimKind)
  .map(([world, kind]) => ({ kind, scene: claiming(world, kind) }));
const SENT = ['name', 'namespace', 'labels', 'annotations'];

function phaseIndex({ status }: Decision): number {
  return PHASE_NAMES.findIndex((name) => name === status['phase']);
}

/** Everything that a person reads. */
function wordsOf({ conditions, events, status }: Decision): string {
  const told = [...conditions, ...events].map(({ reason, message }) => `${reason} ${message}`);
  const phases = JSON.stringify(status['phases'] ?? []).replaceAll('2026-01-01T00:00:00Z', '');
  return [...told, phases].join('\n');
}

/** What Crossplane carries out; events are told once. */
function settledPart({ events: _events, ...rest }: Decision): string {
  return JSON.stringify({ ...rest, ready: [...rest.ready] });
}

function inAnyOrder<Value>(
  record: Readonly<Record<string, Value>>,
): fc.Arbitrary<Record<string, Value>> {
  const entries = Object.entries(record);
  return fc
    .shuffledSubarray(entries, { minLength: entries.length })
    .map((shuffled) => Object.fromEntries(shuffled));
}

function bytesFor({ observed }: Scene): string {
  const { composite, composed, required, seenAt } = observed;
  const request = RunFunctionRequest.fromJSON({
    observed: { composite: { resource: composite }, resources: wrapped(composed) },
    requiredResources: Object.fromEntries(
      Object.entries(required).map(([key, items]) => [
        key,
        { items: items.map((resource) => ({ resource })) },
      ]),
    ),
  });
  const response = runFunction(request, seenAt);
  const bytes = Buffer.from(RunFunctionResponse.encode(response).finish()).toString('base64');
  return `${JSON.stringify(response)} ${bytes}`;
}

function wrapped(composed: Readonly<Record<string, KubeObject>>) {
  return Object.fromEntries(
    Object.entries(composed).map(([name, resource]) => [name, { resource }]),
  );
}

describe('for everything that can be observed', () => {
  it('drops nothing, but old templates that are no longer in use', () => {
    fc.assert(
      fc.property(aCall, ({ scene, kind }) => {
        const { desired } = decide(scene.observed);
        const dropped = Object.keys(scene.observed.composed).filter((name) => !(name in desired));
        const { committed, moving } = factsOf(scene.observed);
        const mayDrop = CLAIM_KINDS.indexOf(kind) < 3 && !committed && !moving;

        expect(dropped.filter((name) => !(mayDrop && isTemplate(name)))).toEqual([]);
      }),
      runs(300),
    );
  });

  it('adds no object of Cluster API behind the fence, the release or the commit', () => {
    fc.assert(
      fc.property(aCall, ({ scene }) => {
        const { committed, moving } = factsOf(scene.observed);
        fc.pre(committed || moving);
        const added = Object.keys(decide(scene.observed).desired).filter(
          (name) => isClusterApi(name) && !(name in scene.observed.composed),
        );

        expect(added).toEqual([]);
      }),
      runs(300),
    );
  });

  it('adds nothing for a claim that is refused or paused', () => {
    fc.assert(
      fc.property(aCall, ({ scene, kind }) => {
        fc.pre(CLAIM_KINDS.indexOf(kind) >= 3);
        const { desired } = decide(scene.observed);

        expect(Object.keys(desired).toSorted()).toEqual(
          Object.keys(scene.observed.composed).toSorted(),
        );
      }),
      runs(300),
    );
  });

  it('never sends what others own', () => {
    fc.assert(
      fc.property(aCall, ({ scene }) => {
        for (const [name, object] of Object.entries(decide(scene.observed).desired)) {
          const annotations = Object.keys(object.metadata.annotations ?? {});
          const spec = recordIn(object, 'spec') ?? {};

          expect(Object.keys(object)).not.toContain('status');
          expect(Object.keys(object.metadata).filter((key) => !SENT.includes(key))).toEqual([]);
          expect(annotations).not.toContain('managedcluster.io/owner');
          expect(annotations).not.toContain('managedcluster.io/epoch');
          if (!isClusterApi(name)) continue;
          expect(spec).not.toHaveProperty('paused');
          expect(spec).not.toHaveProperty('controlPlaneEndpoint');
          expect(spec['replicas']).toBe(name === CONTROL_PLANE ? 1 : undefined);
        }
      }),
      runs(300),
    );
  });

  it('names every object, with its namespace, and its kind', () => {
    fc.assert(
      fc.property(aCall, ({ scene }) => {
        for (const { apiVersion, kind, metadata } of Object.values(
          decide(scene.observed).desired,
        )) {
          expect([apiVersion, kind, metadata.name]).not.toContain('');
          expect(metadata.namespace).toBe('team-a');
        }
      }),
      runs(300),
    );
  });

  it('says no time in what a person reads, and something in every condition', () => {
    fc.assert(
      fc.property(aCall, ({ scene }) => {
        const decision = decide(scene.observed);

        expect(wordsOf(decision)).not.toMatch(/\d{4}-\d\d-\d\d|\d\d:\d\d/);
        expect(decision.conditions.every(({ reason }) => /^[A-Za-z0-9]+$/.test(reason))).toBe(true);
      }),
      runs(300),
    );
  });

  it('always looks again', () => {
    fc.assert(
      fc.property(aCall, ({ scene }) => {
        const { ttlSeconds } = decide(scene.observed);

        expect(Number.isInteger(ttlSeconds) && ttlSeconds > 0).toBe(true);
      }),
      runs(300),
    );
  });

  it('converges within three calls, and emits each event once', () => {
    fc.assert(
      fc.property(aCall, ({ scene }) => {
        const first = decide(scene.observed);
        const second = fedBack(scene, first);
        const third = fedBack(second, decide(second.observed));
        const rest = decide(third.observed);
        const again = decide(fedBack(third, rest).observed);

        expect(settledPart(again)).toBe(settledPart(rest));
        expect(rest.events).toEqual([]);
      }),
      runs(300),
    );
  });

  it('never reverts: phase, epoch and commit survive any later observation', () => {
    fc.assert(
      fc.property(aCall, aCall, ({ scene }, { scene: next }) => {
        const before = decide(scene.observed);
        const after = decide(statusFrom(next, fedBack(scene, before)).observed);

        expect(phaseIndex(after)).toBeGreaterThanOrEqual(phaseIndex(before));
        expect(Number(after.status['epoch'])).toBeGreaterThanOrEqual(
          Number(before.status['epoch']),
        );
        expect([after.status['committed'], undefined]).toContain(before.status['committed']);
      }),
      runs(300),
    );
  });

  it('knows the commit from the Pivot alone, and from the status alone', () => {
    fc.assert(
      fc.property(aCall, ({ scene }) => {
        fc.pre(factsOf(scene.observed).committed);
        const { observed: withoutPivot } = statusFrom(
          scene,
          fedBack(scene, decide(scene.observed)),
        );
        const { [PIVOT]: _pivot, ...composed } = withoutPivot.composed;
        const facts = factsOf({ ...withoutPivot, composed });

        expect([facts.committed, facts.released, facts.moving]).toEqual([true, true, false]);
      }),
      runs(300),
    );
  });

  it('gives the same bytes, whatever the order of what it is given', () => {
    fc.assert(
      fc.property(
        aCall.chain(({ scene }) =>
          fc.tuple(
            fc.constant(scene),
            inAnyOrder(scene.observed.composed),
            inAnyOrder(scene.observed.required),
          ),
        ),
        ([scene, composed, required]) => {
          const shuffled = { ...scene, observed: { ...scene.observed, composed, required } };

          expect(bytesFor(shuffled)).toBe(bytesFor(scene));
        },
      ),
      runs(100),
    );
  });
});
