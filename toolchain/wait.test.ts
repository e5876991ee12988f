import { describe, expect, it } from '@jest/globals';
import { waitFor } from './wait.ts';

const base = { what: 'the moon', timeoutMs: 60, intervalMs: 5 };

function died(): Error {
  return new Error('it has died');
}

describe('waitFor', () => {
  it('looks until there is a value, over errors too', async () => {
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

  it('says what was awaited, the last error and where to read on', async () => {
    await expect(
      waitFor({
        ...base,
        hint: 'its log is /l',
        look() {
          throw new Error('connection refused');
        },
      }),
    ).rejects.toThrow(
      'gave up after 0.06 s waiting for the moon (connection refused); its log is /l',
    );
  });

  it('does not wait for a look that hangs', async () => {
    const hanging = new Promise<string>(() => undefined);
    await expect(waitFor({ ...base, look: () => hanging })).rejects.toThrow('did not end');
  });

  it('ends at once when it is hopeless', async () => {
    await expect(
      waitFor({ ...base, timeoutMs: 60_000, look: () => undefined, hopeless: died }),
    ).rejects.toThrow('it has died');
  });
});
