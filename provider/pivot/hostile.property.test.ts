import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { done, passedOn } from '../../test/fake/scenes.ts';
import type { FakeWorld, Wrap } from '../../test/fake/world.ts';
import { fc, runs } from '../../test/properties.ts';
import { believed } from '../core/handover/belief.ts';
import type { HandoverRecord } from '../core/handover/record.ts';
import { ensureEscrow } from '../escrow/escrow.ts';
import { readRecord } from '../handover/store.ts';
import { violationsOf } from '../testing/allowed-writes.ts';
import { bornObject, hostileObject, malformed } from '../testing/hostile-source.ts';
import { handedOver, takeBack } from '../testing/taken-back.ts';

const CLAIMED = ['fake://claimed'];
const LONG_MS = 240_000;

async function recordIn(w: FakeWorld): Promise<HandoverRecord> {
  const { record } = await readRecord(
    { management: w.management },
    { namespace: NAMESPACE, name: 'demo' },
  );
  if (record === undefined) throw new Error('there is no record');
  return record;
}

function uidsOf(objects: readonly KubeObject[]): readonly string[] {
  return objects.map(({ metadata }) => metadata.uid ?? '');
}

/** Drawn objects on top of real ones: some get the name of a real one, and stand in its place. */
function merged(real: readonly KubeObject[], drawn: readonly KubeObject[]): readonly KubeObject[] {
  const given = drawn.map((object, index): KubeObject => {
    const found = real.find(
      (one) => one.kind === object.kind && one.metadata.name === object.metadata.name,
    );
    const uid = found?.metadata.uid ?? `hostile-${index}`;
    return { ...found, ...object, metadata: { ...found?.metadata, ...object.metadata, uid } };
  });
  const replaced = new Set(uidsOf(given));
  return [...real.filter(({ metadata }) => !replaced.has(metadata.uid ?? '')), ...given];
}

describe('whatever a cluster contains', () => {
  it(
    'nothing outside the record and the rules is believed',
    async () => {
      const w = await handedOver();
      const record = await recordIn(w);
      const real = w.workload.all(NAMESPACE);
      const claimed = new Set(CLAIMED);
      fc.assert(
        fc.property(
          fc.array(fc.oneof(hostileObject(uidsOf(real)), bornObject(real)), { maxLength: 12 }),
          fc.array(malformed(), { maxLength: 3 }),
          (drawn, nonsense) => {
            const source = [...merged(real, drawn), ...nonsense] as readonly KubeObject[];
            const { objects } = believed(source, { record, claimed });
            const known = new Set(uidsOf(objects));
            const wrong = new Set<string>();
            for (const object of objects) {
              const fenced =
                object.kind === 'Cluster'
                  ? { ...object, spec: { ...Object(object['spec']), paused: true } }
                  : object;
              for (const problem of violationsOf(fenced, record, CLAIMED)) wrong.add(problem);
              for (const { uid } of object.metadata.ownerReferences ?? []) {
                if (!known.has(uid))
                  wrong.add(`${object.kind} has an owner that does not come back`);
              }
            }
            expect([...wrong]).toEqual([]);
          },
        ),
        runs(400),
      );
    },
    LONG_MS,
  );
});

/** What the management side is asked to write, except the Pivot, its record and its escrow. */
function noting(asked: KubeObject[]): Wrap {
  function note(object: KubeObject): void {
    const type = String(object['type']);
    if (!['Pivot', 'Namespace'].includes(object.kind) && !type.startsWith('managedcluster.io/'))
      asked.push(object);
  }
  return (api: KubeApi, side) =>
    side === 'workload'
      ? api
      : {
          ...passedOn(api),
          create: (object, options) => {
            note(object);
            return api.create(object, options);
          },
          replace: (object, options) => {
            note(object);
            return api.replace(object, options);
          },
        };
}

async function poison({ workload }: FakeWorld, drawn: readonly KubeObject[]): Promise<void> {
  for (const { metadata, ...object } of drawn) {
    const known = { ...object, metadata };
    // oxlint-disable-next-line no-await-in-loop -- in order, as a client would
    await workload
      .create(known)
      .catch(() => workload.patch(refOf(known), known).catch(() => undefined));
  }
}

describe('the management side is asked to write nothing else', () => {
  it(
    'by a take-back from a cluster',
    async () => {
      const uids = uidsOf((await handedOver()).workload.all(NAMESPACE));
      await fc.assert(
        fc.asyncProperty(fc.array(hostileObject(uids), { maxLength: 8 }), async (drawn) => {
          const w = await handedOver();
          const record = await recordIn(w);
          await poison(w, drawn);
          const asked: KubeObject[] = [];
          await takeBack(w, noting(asked));
          expect(asked.flatMap((object) => violationsOf(object, record, []))).toEqual([]);
        }),
        runs(15),
      );
    },
    LONG_MS,
  );

  it(
    'by a take-back from an escrow',
    async () => {
      const before = (await handedOver()).workload.all(NAMESPACE);
      await fc.assert(
        fc.asyncProperty(
          fc.array(hostileObject(uidsOf(before)), { maxLength: 8 }),
          async (drawn) => {
            const w = await handedOver();
            const record = await recordIn(w);
            const deps = { management: w.management, clock: { now: () => new Date(w.now) } };
            await ensureEscrow(deps, record, merged(w.workload.all(NAMESPACE), drawn));
            const asked: KubeObject[] = [];
            await w.pivot({ direction: 'ToManagement', source: 'Escrow' }, 'back');
            const annotations = { 'managedcluster.io/leave-unexplained': 'true' };
            await w.management.patch(refOf(await w.state('back')), { metadata: { annotations } });
            await w.run(done, { name: 'back', wrap: noting(asked) });
            expect(asked.flatMap((object) => violationsOf(object, record, []))).toEqual([]);
          },
        ),
        runs(15),
      );
    },
    LONG_MS,
  );
});
