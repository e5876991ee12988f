import { describe, expect, it } from '@jest/globals';
import { wrapError, isTerminal, messageOf, TerminalError } from './errors.ts';

describe('messageOf', () => {
  const looped = new Error('a');
  looped.cause = new Error('b', { cause: looped });

  it.each<{ reason: string; error: unknown; want: string }>([
    { reason: 'a single error', error: new Error('no'), want: 'no' },
    {
      reason: 'causes are joined, outermost first',
      error: new Error('cannot read', { cause: new Error('gone') }),
      want: 'cannot read: gone',
    },
    {
      reason: 'a message said twice is said once',
      error: new Error('gone', { cause: new Error('gone') }),
      want: 'gone',
    },
    {
      reason: 'an aggregate speaks through its errors',
      error: new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')]),
      want: '::1 refused; 127.0.0.1 refused',
    },
    { reason: 'no message leaves the name', error: new RangeError(), want: 'RangeError' },
    { reason: 'a text as cause is kept', error: new Error('a', { cause: 'b' }), want: 'a: b' },
    { reason: 'a text that was thrown', error: 'broken', want: 'broken' },
    { reason: 'nothing that was thrown', error: undefined, want: 'undefined' },
    { reason: 'a loop of causes ends', error: looped, want: 'a: b' },
  ])('$reason', ({ error, want }) => {
    expect(messageOf(error)).toBe(want);
  });
});

describe('wrapError', () => {
  it('names the operation and keeps the cause', async () => {
    const cause = new TerminalError('forbidden');
    const failed = wrapError('list nodes', Promise.reject(cause));
    await expect(failed).rejects.toMatchObject({ message: 'cannot list nodes', cause });
    await expect(failed.catch(isTerminal)).resolves.toBe(true);
  });

  it('returns the result of a success', async () => {
    await expect(wrapError('count', Promise.resolve(3))).resolves.toBe(3);
  });
});

describe('isTerminal', () => {
  it('is false for anything that a retry may fix', () => {
    expect(isTerminal(new Error('busy'))).toBe(false);
    expect(isTerminal('busy')).toBe(false);
  });
});
