import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BoundError, exceeded } from './bounds.ts';
import { currentPatience, Patience, type PatienceLimits } from './patience.ts';

const LIMITS: PatienceLimits = { slowMs: 1000, patientMs: 2000, longestMs: 10_000 };

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A request of so many milliseconds, or until the patience ends. */
function request(ms: number): Promise<void> {
  const patience = currentPatience();
  return (
    patience?.request(
      () =>
        new Promise((resolve, reject) => {
          setTimeout(resolve, ms);
          patience.signal.addEventListener('abort', () => reject(patience.signal.reason));
        }),
    ) ?? Promise.reject(new Error('no patience'))
  );
}

/** Runs work to its end; the patience, and how often it was called slow. */
async function worked(
  work: () => Promise<unknown>,
): Promise<{ patience: Patience; slow: number; error: unknown }> {
  let slow = 0;
  const patience = new Patience(LIMITS, () => (slow += 1));
  let error: unknown;
  const all = patience.run(work).catch((thrown: unknown) => (error = thrown));
  await jest.advanceTimersByTimeAsync(60_000);
  await all;
  return { patience, slow, error };
}

async function inTurn(...times: number[]): Promise<void> {
  for (const ms of times) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await request(ms);
  }
}

describe('Patience', () => {
  it('does not count quick requests, however many', async () => {
    const { patience, slow } = await worked(() => inTurn(...Array<number>(30).fill(900)));
    expect({ spent: patience.spentMs, tried: patience.isTried, slow }).toEqual({
      spent: 0,
      tried: false,
      slow: 0,
    });
  });

  it('adds up slow requests, and says once that the work is slow', async () => {
    const { patience, slow } = await worked(() => inTurn(2500, 2500, 2500));
    expect({ spent: patience.spentMs, tried: patience.isTried, slow }).toEqual({
      spent: 4500,
      tried: true,
      slow: 1,
    });
  });

  it('counts requests at the same time once', async () => {
    const { patience } = await worked(() => Promise.all([2500, 2500, 2500].map(request)));
    expect(patience.spentMs).toBe(1500);
  });

  it('ends requests when the time is used, and fails all later ones at once', async () => {
    const { patience, error } = await worked(() => request(600_000));
    expect(error).toBeInstanceOf(BoundError);
    expect(String(error)).toContain('it took more than 10 s of one reconcile');
    expect(patience.signal.aborted).toBe(true);
    expect(patience.spentMs).toBe(10_000);
  });

  it('is tried by an answer that exceeds a bound, however quick', async () => {
    const { patience } = await worked(() =>
      Promise.resolve(currentPatience()?.request(() => Promise.reject(exceeded('x')))),
    );
    expect(patience.isTried).toBe(true);
  });

  it('measures nothing after the work, though a request is still under way', async () => {
    const { patience, slow } = await worked(() =>
      Promise.race([request(50_000), new Promise((resolve) => setTimeout(resolve, 1500))]),
    );
    expect({ spent: patience.spentMs, slow, over: patience.signal.aborted }).toEqual({
      spent: 500,
      slow: 0,
      over: false,
    });
  });

  it('belongs to one work: none outside', () => {
    expect(currentPatience()).toBeUndefined();
  });
});
