import { describe, expect, it } from '@jest/globals';
import { fillIn } from './substitution.ts';

const VARIABLES = { mtu: '1450', name: 'a ${mtu} $& $1', empty: '', under_score: 'u' };

describe('fillIn', () => {
  it.each<{ reason: string; value: unknown; want: unknown }>([
    { reason: 'a reference', value: 'mtu: ${mtu}', want: 'mtu: 1450' },
    { reason: 'the same twice', value: '${mtu}/${mtu}', want: '1450/1450' },
    { reason: 'an empty value', value: 'a${empty}b', want: 'ab' },
    { reason: 'underscores', value: '${under_score}', want: 'u' },
    {
      reason: 'a value is text: neither filled in again nor a pattern of replace',
      value: '${name}',
      want: 'a ${mtu} $& $1',
    },
    {
      reason: 'an unknown name stays: it may be secret, or shell',
      value: '${HOME}',
      want: '${HOME}',
    },
    {
      reason: 'names that every object has are unknown too',
      value: '${constructor} ${toString} ${__proto__}',
      want: '${constructor} ${toString} ${__proto__}',
    },
    {
      reason: 'no reference at all',
      value: '$mtu ${} ${1x} ${a-b}',
      want: '$mtu ${} ${1x} ${a-b}',
    },
    {
      reason: 'deep in objects and lists; keys and other types stay',
      value: { '${mtu}': [{ a: '${mtu}' }, 1, true, null] },
      want: { '${mtu}': [{ a: '1450' }, 1, true, null] },
    },
  ])('$reason', ({ value, want }) => {
    expect(fillIn(value, VARIABLES)).toEqual(want);
  });

  it('a whole string gets the type of its variable, and only that', () => {
    const value = ['${mtu}', '${mtu}0', '${constructor}', '${mtu}/${mtu}'];
    expect(fillIn(value, VARIABLES, { mtu: 1450 })).toEqual([
      1450,
      '14500',
      '${constructor}',
      '1450/1450',
    ]);
  });
});
