import { describe, expect, it } from '@jest/globals';
import { differences } from './differences.ts';
import { report } from './report.ts';

describe('report', () => {
  it('shows a cell for each tool, and below why one failed or was not rendered', () => {
    const skipped = { kind: 'Skipped', why: 'it has no flag for that' } as const;
    const rows = [
      { name: 'first', verdicts: { old: { kind: 'Passed' }, new: { kind: 'Passed' } } },
      { name: 'second', verdicts: { old: skipped, new: { kind: 'Failed', why: 'a: expected 1' } } },
      { name: 'third', verdicts: { old: skipped } },
    ] as const;
    expect(report(rows, ['old', 'new'])).toEqual({
      passed: 2,
      failed: 1,
      text: [
        '        old       new',
        'first   passed    passed',
        'second  - (1)     failed',
        'third   - (1)',
        '(1) not rendered: it has no flag for that',
        'second, new:',
        '    a: expected 1',
      ].join('\n'),
    });
  });
});

describe('differences', () => {
  it.each([
    { reason: 'equal values', expected: { a: [1, { b: 2 }] }, is: { a: [1, { b: 2 }] }, told: [] },
    {
      reason: 'a value',
      expected: { a: { b: 1 } },
      is: { a: { b: 2 } },
      told: ['a.b: expected 1, is 2'],
    },
    {
      reason: 'a field too few',
      expected: { a: 1 },
      is: {},
      told: ['a: expected 1, is nothing'],
    },
    {
      reason: 'a field too many',
      expected: {},
      is: { a: 1 },
      told: ['a: expected nothing, is 1'],
    },
    {
      reason: 'an entry of a list',
      expected: { a: [1, 2] },
      is: { a: [1, 3] },
      told: ['a[1]: expected 2, is 3'],
    },
    {
      reason: 'the length of a list',
      expected: { a: [1] },
      is: { a: [] },
      told: ['a: expected [1], is []'],
    },
  ])('tells $reason', ({ expected, is, told }) => {
    expect(differences(expected, is)).toEqual(told);
  });
});
