import { describe, expect, it } from '@jest/globals';
import { SaturatedError, type Verdict, Verdicts } from './metrics-verdicts.ts';

/** Verdicts of an API server that says of each token what the test says, or never answers. */
function world() {
  const clock = { now: 0 };
  const asked: string[] = [];
  const answers: Record<string, Verdict | 'never' | Error> = {};
  const verdicts = new Verdicts(
    (token) => {
      asked.push(token);
      const answer = answers[token] ?? 'unknown';
      if (answer === 'never') return new Promise(() => undefined);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    () => clock.now,
  );
  /** Takes all places of strangers for good. */
  function saturate(): void {
    for (let at = 0; at < 8; at++) {
      answers[`held${at}`] = 'never';
      void verdicts.of(`held${at}`);
    }
  }
  return { verdicts, clock, asked, answers, saturate };
}

describe('a token that was allowed', () => {
  it('is renewed while strangers take all places', async () => {
    const { verdicts, clock, answers, saturate } = world();
    answers['scraper'] = 'allowed';
    expect(await verdicts.of('scraper')).toBe('allowed');
    saturate();
    await expect(verdicts.of('stranger')).rejects.toThrow(SaturatedError);

    clock.now = 60_000;
    expect(await verdicts.of('scraper')).toBe('allowed');
    clock.now += 15 * 60_000 - 1;
    expect(await verdicts.of('scraper')).toBe('allowed');
    clock.now += 15 * 60_000;
    await expect(verdicts.of('scraper')).rejects.toThrow(SaturatedError);
  });

  it('is no stranger after a renewal that failed', async () => {
    const { verdicts, clock, answers, saturate } = world();
    answers['scraper'] = 'allowed';
    await verdicts.of('scraper');
    saturate();
    clock.now = 60_000;
    answers['scraper'] = new Error('down');
    await expect(verdicts.of('scraper')).rejects.toThrow('down');
    answers['scraper'] = 'allowed';
    expect(await verdicts.of('scraper')).toBe('allowed');
  });

  it('is a stranger after a refusal', async () => {
    const { verdicts, clock, answers, saturate } = world();
    answers['t'] = 'allowed';
    await verdicts.of('t');
    clock.now = 60_000;
    answers['t'] = 'denied';
    expect(await verdicts.of('t')).toBe('denied');
    saturate();
    clock.now = 70_000;
    await expect(verdicts.of('t')).rejects.toThrow(SaturatedError);
  });

  it('is renewed once for requests at the same time', async () => {
    const { verdicts, clock, asked, answers } = world();
    answers['scraper'] = 'allowed';
    await verdicts.of('scraper');
    clock.now = 60_000;
    await Promise.all(Array.from({ length: 20 }, () => verdicts.of('scraper')));
    expect(asked).toEqual(['scraper', 'scraper']);
  });
});

describe('refusals', () => {
  it('displace refusals only, the oldest first', async () => {
    const { verdicts, asked, answers } = world();
    answers['scraper'] = 'allowed';
    await verdicts.of('scraper');
    for (let at = 0; at <= 256; at++) {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      expect(await verdicts.of(`junk${at}`)).toBe('unknown');
    }
    asked.length = 0;
    expect(await verdicts.of('scraper')).toBe('allowed');
    expect(await verdicts.of('junk1')).toBe('unknown');
    expect(asked).toEqual([]);
    expect(await verdicts.of('junk0')).toBe('unknown');
    expect(asked).toEqual(['junk0']);
  });
});
