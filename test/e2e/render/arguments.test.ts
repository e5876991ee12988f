import { describe, expect, it } from '@jest/globals';
import { renderOptions } from './arguments.ts';

describe('renderOptions', () => {
  it.each([
    { reason: 'the oldest with everything, and the newest', args: [], names: ['v1.16', 'v2.5'] },
    { reason: 'all of them', args: ['--all'], names: ['v1.14', 'v1.16', 'v1.20', 'v2.5'] },
    { reason: 'one', args: ['--cli', 'v1.20'], names: ['v1.20'] },
    {
      reason: 'several, oldest first',
      args: ['--cli', 'v2.5', '--cli', 'v1.14'],
      names: ['v1.14', 'v2.5'],
    },
  ])('takes $reason', ({ args, names }) => {
    expect(renderOptions(args).clis.map(({ name }) => name)).toEqual(names);
  });

  it('takes binaries that are there already', () => {
    expect(renderOptions(['--binaries', 'bin']).binaries).toBe('bin');
  });

  it.each([
    { reason: 'a version that there is no tool of', args: ['--cli', 'v3.0'] },
    { reason: 'an unknown flag', args: ['--cli-version', 'v2.5'] },
    { reason: 'a word that is no flag', args: ['v2.5'] },
  ])('refuses $reason and shows the usage', ({ args }) => {
    expect(() => renderOptions(args)).toThrow('usage: npm run e2e:render');
  });
});
