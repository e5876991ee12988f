import { describe, expect, it } from '@jest/globals';
import { inTurn } from './choice.ts';
import { countsFor, killPoints } from './kill-point.ts';
import { random } from './random.ts';

function draw(seed: number): readonly number[] {
  const source = random(seed);
  return Array.from({ length: 20 }, () => source.below(1000));
}

describe('random', () => {
  it('repeats itself for a seed, and only for that', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('samples each at most once, in their order', () => {
    const sample = random(3).sample([1, 2, 3, 4, 5, 6, 7, 8], 4);
    expect(sample).toHaveLength(4);
    expect([...new Set(sample)].toSorted((a, b) => a - b)).toEqual(sample);
    expect(random(3).sample([1, 2], 4)).toEqual([1, 2]);
  });
});

describe('kill points', () => {
  it('are before and after every write of both sides', () => {
    const points = killPoints({ management: 2, workload: 1 });
    expect(points).toHaveLength(6);
    expect(points).toContainEqual({ side: 'management', write: 2, when: 'after' });
    expect(points).toContainEqual({ side: 'workload', write: 1, when: 'before' });
  });
});

describe('turns', () => {
  it('give every kind on one side, then every kind on the other', () => {
    const turns = [0, 1, 2, 3, 4].map((turn) => inTurn(['409', 'stall'], turn));
    expect(turns).toEqual([
      { one: '409', side: 'management' },
      { one: 'stall', side: 'management' },
      { one: '409', side: 'workload' },
      { one: 'stall', side: 'workload' },
      { one: '409', side: 'management' },
    ]);
  });
});

describe('counted writes', () => {
  const counts = countsFor({ subject: 'k-1' });

  it.each([
    { what: 'of the subject', url: '/api/v1/namespaces/k-1/secrets', counted: true },
    { what: 'without a namespace', url: '/api/v1/namespaces', counted: true },
    { what: 'in a namespace of the product', url: '/api/v1/namespaces/x/secrets', counted: true },
    { what: 'of another subject', url: '/api/v1/namespaces/k-2/secrets', counted: false },
    { what: 'that are Events', url: '/api/v1/namespaces/k-1/events', counted: false },
  ])('are those $what: $counted', ({ url, counted }) => {
    expect(counts('POST', url)).toBe(counted);
  });
});
