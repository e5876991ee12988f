import { describe, expect, it } from '@jest/globals';
import { allSettled } from '../../lib/settled.ts';
import { deadApi, passedOn } from '../../test/fake/scenes.ts';
import { boundedApi } from './bounded-api.ts';

const REF = { apiVersion: 'v1', kind: 'Secret', namespace: 'ns', name: 'a' };

describe('boundedApi', () => {
  it('allows 200 concurrent requests, of all pivots together', async () => {
    const answers: (() => void)[] = [];
    const api = {
      ...passedOn(deadApi),
      get: () =>
        new Promise<undefined>((resolve) => {
          answers.push(() => resolve(undefined));
        }),
    };
    const { signal } = new AbortController();
    const pivots = [boundedApi(api, { signal }), boundedApi(api, { signal })];
    const requests = pivots.flatMap((pivot) => Array.from({ length: 150 }, () => pivot.get(REF)));
    await Promise.resolve();
    expect(answers).toHaveLength(200);
    for (let at = 0; at < 300; at += 1) {
      answers[at]?.();
      // oxlint-disable-next-line no-await-in-loop -- a waiting request gets the slot
      await requests[at];
      // oxlint-disable-next-line no-await-in-loop -- see above
      await Promise.resolve();
    }
    expect(answers).toHaveLength(300);
  });

  it('allows no request once the program stops, and reports failures', async () => {
    const stop = new AbortController();
    const failures: unknown[] = [];
    const api = boundedApi(
      { ...passedOn(deadApi), get: () => Promise.resolve(undefined) },
      { signal: stop.signal, onFailure: (error) => failures.push(error) },
    );
    await expect(api.get(REF)).resolves.toBeUndefined();
    stop.abort(new Error('the program ends'));
    await expect(api.get(REF)).rejects.toThrow('the program ends');
    expect(failures).toHaveLength(1);
  });
});

describe('allSettled', () => {
  it('leaves nothing running if one fails', async () => {
    let ended = false;
    const slow = new Promise<void>((resolve) => {
      setTimeout(() => {
        ended = true;
        resolve();
      }, 20);
    });
    await expect(allSettled([Promise.reject(new Error('first')), slow])).rejects.toThrow('first');
    expect(ended).toBe(true);
  });
});
