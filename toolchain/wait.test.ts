import { describe, expect, it } from '@jest/globals';
import { waitFor } from './wait.ts';

const base = { what: 'the moon', timeoutMs: 60, intervalMs: 5 };

function died(): Error {
  return new Error('it has died');
}

describe('waitFor', () => {
  it('polls until there is a value, despite errors', async () => {
    let looks = 0;
    const value = await waitFor({
      ...base,
      timeoutMs: 5000,
      look() {
        looks += 1;
        if (looks === 1) throw new Error('not yet');
        return looks === 3 ? 'here' : undefined;
      },
    });
    expect(value).toBe('here');
  });

  it('has the condition, the last error and the hint in its error', async () => {
    await expect(
      waitFor({
        ...base,
        hint: 'its log is /l',
        look() {
          throw new Error('connection refused');
        },
      }),
    ).rejects.toThrow(
      'timed out after 0.06 s waiting for the moon (connection refused); its log is /l',
    );
  });

  it('does not wait for a hanging poll', async () => {
    const hanging = new Promise<string>(() => undefined);
    await expect(waitFor({ ...base, look: () => hanging })).rejects.toThrow('did not finish');
  });

  it('ends early when it cannot succeed', async () => {
    await expect(
      waitFor({ ...base, timeoutMs: 60_000, look: () => undefined, hopeless: died }),
    ).rejects.toThrow('it has died');
  });
});
