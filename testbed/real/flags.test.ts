import { describe, expect, it } from '@jest/globals';
import { flags } from './flags.ts';

describe('flags', () => {
  it('are words of a command line, in the order given', () => {
    expect(flags({ detach: true, name: 'a b', volume: ['/x:/y', '/z'], none: [] })).toEqual([
      '--detach',
      '--name=a b',
      '--volume=/x:/y',
      '--volume=/z',
    ]);
  });
});
