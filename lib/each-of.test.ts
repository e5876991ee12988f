import { describe, expect, it } from '@jest/globals';
import { eachOf } from './each-of.ts';

function soon(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('eachOf', () => {
  it('limits concurrency and keeps the order', async () => {
    let [now, most] = [0, 0];
    const results = await eachOf([3, 1, 2, 5, 4], 2, async (item) => {
      most = Math.max(most, (now += 1));
      for (let turn = 0; turn < item; turn += 1) {
        // oxlint-disable-next-line no-await-in-loop -- later ones must end earlier
        await soon();
      }
      now -= 1;
      return item * 10;
    });
    expect([results, most]).toEqual([[30, 10, 20, 50, 40], 2]);
  });

  it('starts nothing more after a failure', async () => {
    const begun: number[] = [];
    const work = eachOf([1, 2, 3, 4], 1, async (item) => {
      begun.push(item);
      await soon();
      if (item === 2) throw new Error('broken');
    });
    await expect(work).rejects.toThrow('broken');
    expect(begun).toEqual([1, 2]);
  });
});
