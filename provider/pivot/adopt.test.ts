import { describe, expect, it } from '@jest/globals';
import { MANAGEMENT_ANNOTATION } from '../../lib/apis/ownership.ts';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { capi, done, machines } from '../../test/fake/scenes.ts';
import { WriteCount } from '../../test/fake/write-count.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';
import {
  adoption,
  annotate,
  identified,
  inside,
  rebuilt,
  root,
  stopped,
} from '../testing/adoption-subject.ts';
import { handedOver } from '../testing/taken-back.ts';

describe('a cluster that manages itself', () => {
  it('is adopted by a rebuilt management side: nothing in it changes but whose it is', async () => {
    const w = await rebuilt();
    const [before, epoch] = [inside(w), ownershipOf(root(w)).epoch];
    await adoption(w);
    const pivot = await w.run(done, { name: 'adoption' });
    expect(isTrue(pivot, 'Committed')).toBe(true);
    expect(inside(w)).toEqual(before);
    expect(capi(w.management)).toEqual([]);
    expect(ownershipOf(root(w))).toEqual({ owner: 'workload', epoch: epoch + 1, paused: false });
    expect(root(w).metadata.annotations).toHaveProperty([MANAGEMENT_ANNOTATION]);
    expect(pivot.status).toMatchObject({ epoch: epoch + 1, moved: expect.arrayContaining([]) });
    expect(pivot.status?.moved?.length).toBeGreaterThan(5);
  });

  it('comes back afterwards with all its machines, by the record of its adoption', async () => {
    const w = await rebuilt();
    const ids = machines(w.workload);
    await adoption(w);
    await w.run(done, { name: 'adoption' });
    await w.pivot({ direction: 'ToManagement' }, 'back');
    const back = await w.run(done, { name: 'back' });
    expect(conditionOf(back, 'Ready')).toMatchObject({ reason: 'Completed' });
    expect(machines(w.management)).toEqual(ids);
    expect(ids).toHaveLength(2);
  });

  it('comes back from the escrow of its adoption when it is dead', async () => {
    const w = await rebuilt();
    const ids = machines(w.workload);
    await adoption(w);
    await w.run(done, { name: 'adoption' });
    await w.pivot({ direction: 'ToManagement', source: 'Escrow' }, 'back');
    await w.run(done, { name: 'back' });
    expect(machines(w.management)).toEqual(ids);
  });

  it('is adopted once, wherever the provider is killed', async () => {
    const whole = new WriteCount();
    const first = await rebuilt();
    await adoption(first);
    await first.run(done, { name: 'adoption', wrap: whole.wrap });
    expect(whole.writes).toBeGreaterThan(3);
    for (let at = 1; at <= whole.writes; at += 1) {
      for (const when of ['Before', 'After'] as const) {
        // oxlint-disable-next-line no-await-in-loop -- one world after the other
        const w = await rebuilt();
        // oxlint-disable-next-line no-await-in-loop -- see above
        await adoption(w);
        const count = new WriteCount({ at, when });
        // oxlint-disable-next-line no-await-in-loop -- see above
        await w.run(done, { name: 'adoption', wrap: count.wrap, isDead: () => count.dead });
        // oxlint-disable-next-line no-await-in-loop -- see above
        const pivot = await w.run(done, { name: 'adoption' });
        expect(conditionOf(pivot, 'Ready')).toMatchObject({ reason: 'Completed' });
        expect(ownershipOf(root(w)).epoch).toBe(pivot.status?.epoch);
      }
    }
  });
});

describe('an adoption that is called off', () => {
  it('before its commit has changed nothing in the cluster, wherever the provider was killed', async () => {
    for (let at = 1; ; at += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one world after the other
      const w = await rebuilt();
      const before = w.workload.all(NAMESPACE);
      // oxlint-disable-next-line no-await-in-loop -- see above
      await adoption(w);
      const count = new WriteCount({ at, when: 'After' });
      // oxlint-disable-next-line no-await-in-loop -- see above
      const killed = await w.run(done, {
        name: 'adoption',
        wrap: count.wrap,
        isDead: () => count.dead,
      });
      if (isTrue(killed, 'Committed')) break;
      // oxlint-disable-next-line no-await-in-loop -- see above
      await w.management.patch(refOf(killed), { spec: { abort: true } });
      // oxlint-disable-next-line no-await-in-loop -- see above
      const off = await w.run((pivot) => pivot.status?.phase === 'Aborted', { name: 'adoption' });
      expect(off.status?.phase).toBe('Aborted');
      expect(w.workload.all(NAMESPACE)).toEqual(before);
      expect(at).toBeLessThan(20);
    }
  });
});

describe('a management side whose cluster was adopted by another one', () => {
  it('does not take it back', async () => {
    const w = await handedOver();
    await identified(w.management);
    await annotate(w, { [MANAGEMENT_ANNOTATION]: 'new' });
    await w.pivot({ direction: 'ToManagement' }, 'back');
    const back = await w.run(stopped, { name: 'back' });
    expect(conditionOf(back, 'Ready')).toMatchObject({
      reason: 'ManagedElsewhere',
      message: expect.stringContaining('kube-system is new'),
    });
    expect(capi(w.management)).toEqual([]);
    expect(ownershipOf(root(w))).toMatchObject({ owner: 'workload', paused: false });
  });
});
