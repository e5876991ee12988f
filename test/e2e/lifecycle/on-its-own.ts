import { describe, expect, it } from '@jest/globals';
import {
  machinesInside,
  reported,
  scaleClaim,
  scaleInside,
  untilOperational,
} from '@managed-cluster/testbed';
import { isTrue } from '../../../lib/core/conditions.ts';
import { control } from '../world.ts';
import { api, CLAIM, inside, machinesOf, refOf, theatreOf } from './subject.ts';

/** A change that is made while the management side is away. */
export function onItsOwn(): void {
  describe('with the link to the management side cut', () => {
    const theatre = theatreOf(CLAIM);
    let before: readonly string[];

    it('a pool is scaled by a change of the local plan, and no other Machine changes', async () => {
      before = await machinesOf(CLAIM, inside);
      await control('link', 'cut');
      await scaleClaim(theatre, 3);
      await scaleInside(theatre, 3);
      await machinesInside(theatre, 6);
      const after = await machinesOf(CLAIM, inside);
      expect(after).toEqual(expect.arrayContaining([...before]));
    });

    it('the claim catches up when the link is back, and nothing is torn down', async () => {
      const alone = await machinesOf(CLAIM, inside);
      await control('link', 'join');
      await reported(theatre, '3/3');
      await untilOperational(theatre);
      expect(await machinesOf(CLAIM, inside)).toEqual(alone);
      expect(isTrue(await api.get(refOf(CLAIM)), 'AgentConnected')).toBe(true);
    });

    it('the claim is followed again: the pool is as small as before', async () => {
      await scaleClaim(theatre, 2);
      await machinesInside(theatre, 5);
      await reported(theatre, '2/2');
      expect(await machinesOf(CLAIM, inside)).toHaveLength(5);
    });
  });
}
