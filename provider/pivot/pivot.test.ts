import { describe, expect, it } from '@jest/globals';
import { conditionOf } from '../../lib/core/conditions.ts';
import { capi, deadApi, done, machines, passedOn, world } from '../../test/fake/scenes.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { clusterIn, type Wrap } from '../../test/fake/world.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';

describe.each([
  { what: 'a cluster of its own', composed: false },
  { what: 'a composed cluster', composed: true },
])('$what', ({ composed }) => {
  it('moves to the workload side and back', async () => {
    const w = await world(composed, 2);
    const before = machines(w.management);
    await w.pivot();
    const there = await w.run(done);
    expect(there.status?.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
      'Aborted=False',
      'Committed=True',
      'Ready=True',
      'Released=True',
      'Synced=True',
    ]);
    expect(machines(w.workload)).toEqual(before);
    expect(capi(w.management)).toEqual([]);
    expect(clusterIn(w.workload).map(ownershipOf)).toEqual([
      { owner: 'workload', epoch: 3, paused: false },
    ]);
    await w.pivot({ direction: 'ToManagement' }, 'back');
    const back = await w.run(done, { name: 'back' });
    expect(conditionOf(back, 'Ready')?.reason).toBe('Completed');
    expect(machines(w.management)).toEqual(before);
    expect(capi(w.workload)).toEqual([]);
    expect(clusterIn(w.management).map(ownershipOf)).toEqual([
      { owner: 'management', epoch: 5, paused: false },
    ]);
    expect(w.violations).toEqual([]);
  });
});

describe('the escrow', () => {
  it('takes the cluster back if the workload side is permanently dead', async () => {
    const w = await world(true, 2);
    const before = machines(w.management);
    await w.pivot();
    await w.run(done);
    await w.pivot({ direction: 'ToManagement', source: 'Escrow' }, 'back');
    const back = await w.run(done, {
      name: 'back',
      wrap: (api, side) => (side === 'workload' ? deadApi : api),
    });
    expect(conditionOf(back, 'Ready')).toMatchObject({ reason: 'Completed' });
    expect(machines(w.management)).toEqual(before);
    expect(clusterIn(w.management).map(ownershipOf)).toEqual([
      { owner: 'management', epoch: 5, paused: false },
    ]);
  });

  it('is not needed if the workload side dies after the commit: its remaining objects stay fenced', async () => {
    const w = await world(true, 0);
    await w.pivot();
    await w.run(done);
    await w.pivot({ direction: 'ToManagement' }, 'back');
    let dead = false;
    const wrap: Wrap = (api, side) =>
      side === 'management'
        ? {
            ...passedOn(api),
            patch: (ref, patch, options) => {
              dead ||= Array.isArray(patch);
              return api.patch(ref, patch, options);
            },
          }
        : { ...passedOn(api), list: (type) => (dead ? deadApi : api).list(type) };
    const waiting = await w.run((pivot) => conditionOf(pivot, 'Synced')?.status === 'False', {
      name: 'back',
      wrap,
    });
    expect(conditionOf(waiting, 'Synced')?.message).toContain('no route');
    w.now += 180_000;
    const back = await w.run(done, { name: 'back', wrap });
    expect(conditionOf(back, 'Ready')).toMatchObject({ reason: 'Completed' });
    expect(w.events).toContain('SourceNotRemoved');
    expect(clusterIn(w.workload).map((cluster) => ownershipOf(cluster).paused)).toEqual([true]);
  });

  it('exists before anything is removed from the source', async () => {
    const w = await world(false, 0);
    await w.pivot();
    await w.run((pivot) => {
      const escrowed = w.management
        .all(NAMESPACE)
        .some(({ metadata }) =>
          Object.keys(metadata.labels ?? {}).includes('managedcluster.io/escrow'),
        );
      expect(escrowed || capi(w.management).length > 0).toBe(true);
      return done(pivot);
    });
    const kinds = w.management
      .all(NAMESPACE)
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(kinds).toEqual(['Pivot handover', 'Secret demo-record', 'Secret demo-escrow-2-0']);
  });

  it('is reported as missing if there is none', async () => {
    const w = await world(false, 0);
    await w.pivot();
    await w.run(done);
    const escrow = {
      apiVersion: 'v1',
      kind: 'Secret',
      namespace: NAMESPACE,
      name: 'demo-escrow-2-0',
    };
    await w.management.patch(escrow, { metadata: { labels: { 'managedcluster.io/hold': null } } });
    await w.management.delete(escrow);
    await w.pivot({ direction: 'ToManagement', source: 'Escrow' }, 'back');
    const waiting = await w.run(() => true, { name: 'back' });
    expect(conditionOf(waiting, 'Ready')).toMatchObject({ reason: 'NoEscrow' });
  });
});
