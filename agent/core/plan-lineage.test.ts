import { describe, expect, it } from '@jest/globals';
import { fc, runs } from '../../test/properties.ts';
import { recordIn } from '../../lib/core/object.ts';
import { SETTLED_MS } from './plan-copy.ts';
import { PlanHistory, specOf } from '../testing/plan-history.ts';

function settled(): PlanHistory {
  const world = new PlanHistory();
  world.settle();
  return world;
}

/** A cluster has taken a third pool, and its management side is set back to before. */
function setBack(): PlanHistory {
  const world = settled();
  world.backup();
  world.claim(3);
  world.settle();
  world.restore(0);
  return world;
}

describe('a management side that was restored', () => {
  it('takes nothing back: its older plan is ignored, and the message says in what it differs', () => {
    const world = settled();
    world.backup();
    world.claim(3);
    world.settle();
    expect(world.pools).toBe(3);
    world.restore(0);
    world.settle();
    expect(world.pools).toBe(3);
    expect(world.last).toMatchObject({ kind: 'Ignore', reason: 'ManagementRestored' });
    expect(recordIn(world, 'last')?.['message']).toContain('it differs in cluster.pools');
    expect(recordIn(world, 'last')?.['message']).toContain(
      'kubectl -n ns annotate --overwrite clusterplans.m.managedcluster.io/demo managedcluster.io/accept-plan=1-',
    );
  });

  it('is not believed when its plan has grown to the same generation, or beyond, with another content', () => {
    for (const changes of [1, 2, 3]) {
      const world = setBack();
      for (let change = 1; change <= changes; change += 1) world.claim(10 + change);
      world.settle();
      expect([changes, world.pools, world.last.kind]).toEqual([changes, 3, 'Ignore']);
    }
  });

  it('is followed again, without a word from anybody, when its claim asks for what the cluster has', () => {
    const world = setBack();
    world.claim(7);
    world.settle();
    world.claim(3);
    world.settle();
    expect(world.last.kind).toBe('Current');
    world.claim(4);
    world.settle();
    expect(world.pools).toBe(4);
  });

  it('is followed when somebody accepts its plan, for this generation only', () => {
    const world = setBack();
    world.claim(9);
    world.accept();
    world.claim(8);
    world.settle();
    expect(world.pools).toBe(3);
    world.accept();
    world.settle();
    expect([world.pools, world.last.kind]).toEqual([8, 'Current']);
  });

  it('is not followed by an acceptance that is in its backup', () => {
    const world = setBack();
    world.claim(9);
    world.accept();
    world.settle();
    world.backup();
    world.claim(4);
    world.settle();
    world.restore(1);
    world.settle();
    expect([world.pools, world.last.kind]).toEqual([4, 'Ignore']);
  });

  it('is followed when a plan with the generation of the present one is accepted', () => {
    const world = setBack();
    world.claim(9);
    expect(world.plan.metadata.generation).toBe(2);
    world.accept();
    world.settle();
    expect([world.pools, world.last.kind]).toEqual([9, 'Current']);
  });

  it('is followed when it was made anew from the same manifests', () => {
    const world = settled();
    world.backup();
    world.recreate(0);
    world.settle();
    expect(world.last.kind).toBe('Current');
    world.claim(2);
    world.settle();
    expect(world.pools).toBe(2);
  });

  it('keeps what was changed inside, when it is made anew from the same manifests', () => {
    const world = settled();
    world.backup();
    if (world.local !== undefined) world.local = { ...world.local, spec: specOf(5) };
    world.recreate(0);
    world.settle();
    expect([world.pools, world.last.kind]).toEqual([5, 'ChangedInside']);
  });
});

describe('a controller that ran through the restore', () => {
  it('writes what it remembers, then what the restored claim says: the cluster keeps what it has', () => {
    const world = setBack();
    world.claim(3);
    world.settle(0);
    world.claim(1);
    world.settle();
    expect([world.pools, world.last.kind]).toEqual([3, 'Ignore']);
  });

  it('takes nothing away, whatever it writes within a minute after the restore', () => {
    const writes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(writes, fc.integer({ min: 0, max: SETTLED_MS - 1 }), (all, unchangedMs) => {
        const world = setBack();
        for (const pools of all) {
          world.claim(pools);
          world.settle(unchangedMs);
        }
        expect(world.pools).toBe(3);
      }),
      runs(500),
    );
  });
});

describe('a new cluster', () => {
  it('follows a change that comes at once', () => {
    const world = new PlanHistory();
    world.settle(0);
    expect(world.last.kind).toBe('Current');
    world.claim(2);
    world.settle(0);
    expect([world.pools, world.last.kind]).toEqual([2, 'Current']);
  });
});

describe('a management side that was not restored', () => {
  it('is followed through all its changes, whenever the link breaks', () => {
    const steps = fc.array(
      fc.oneof(
        fc.integer({ min: 1, max: 4 }).map((pools) => ({ pools })),
        fc.boolean().map((reports) => ({ reports })),
      ),
      { maxLength: 30, size: 'max' },
    );
    fc.assert(
      fc.property(steps, (taken) => {
        const world = settled();
        for (const step of taken) {
          if ('pools' in step) world.claim(step.pools);
          else world.pass({ reports: step.reports });
          expect(world.last.kind).not.toBe('Ignore');
        }
        world.settle();
        expect(world.pools).toBe(world.plan.spec.cluster['pools']);
        expect(world.last.kind).toBe('Current');
      }),
    );
  });
});

describe('any history of changes, backups and restores', () => {
  type Step =
    | { readonly do: 'claim' | 'restore' | 'recreate'; readonly n: number }
    | { readonly do: 'backup' | 'pass' | 'cut' };
  const numbered: fc.Arbitrary<Step> = fc.record({
    do: fc.constantFrom('claim', 'restore', 'recreate' as const),
    n: fc.integer({ min: 1, max: 5 }),
  });
  const plain: fc.Arbitrary<Step> = fc.record({
    do: fc.constantFrom('backup', 'pass', 'cut' as const),
  });
  const steps = fc.array(fc.oneof(numbered, plain), { maxLength: 40, size: 'max' });

  function act(world: PlanHistory, step: Step): void {
    if ('n' in step) world[step.do](step.n);
    else if (step.do === 'backup') world.backup();
    else world.pass({ reports: step.do === 'pass' });
  }

  it('changes a cluster only by a plan in whose past is what the cluster has', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const world = settled();
        world.backup();
        for (const step of taken) {
          const [before, known] = [world.pools, world.isSuccessor()];
          act(world, step);
          expect(known || world.pools === before).toBe(true);
        }
      }),
      runs(1000),
    );
  });
});
