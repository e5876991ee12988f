import { describe, expect, it } from '@jest/globals';
import { isEmptySelector, selects } from './label-selector.ts';

function where(operator: string, values?: readonly string[], key = 'tier'): unknown {
  return { matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }] };
}

describe('selects', () => {
  it.each<{ reason: string; selector: unknown; want: boolean }>([
    { reason: 'nothing is demanded', selector: {}, want: true },
    { reason: 'an equal label', selector: { matchLabels: { tier: 'gold' } }, want: true },
    {
      reason: 'one of two labels',
      selector: { matchLabels: { tier: 'gold', zone: 'a' } },
      want: false,
    },
    { reason: 'In', selector: where('In', ['silver', 'gold']), want: true },
    { reason: 'In, without the label', selector: where('In', ['a'], 'zone'), want: false },
    { reason: 'NotIn', selector: where('NotIn', ['gold']), want: false },
    { reason: 'NotIn, without the label', selector: where('NotIn', ['a'], 'zone'), want: true },
    { reason: 'Exists', selector: where('Exists'), want: true },
    { reason: 'DoesNotExist', selector: where('DoesNotExist'), want: false },
    { reason: 'an unknown operator', selector: where('Like', ['gold']), want: false },
    {
      reason: 'labels and expressions together',
      selector: { matchLabels: { tier: 'gold' }, ...Object(where('Exists', undefined, 'zone')) },
      want: false,
    },
  ])('$reason: $want', ({ selector, want }) => {
    expect(selects(selector, { tier: 'gold' })).toBe(want);
  });

  it.each<[unknown, boolean]>([
    [undefined, true],
    [{ matchLabels: {}, matchExpressions: [] }, true],
    [{ matchLabels: { a: 'b' } }, false],
    [where('Exists'), false],
  ])('%j is empty: %s', (selector, want) => {
    expect(isEmptySelector(selector)).toBe(want);
  });
});
