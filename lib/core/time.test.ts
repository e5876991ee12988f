import { describe, expect, it } from '@jest/globals';
import { metaTime, microTime } from './time.ts';

const TIME = new Date('2026-01-31T23:59:59.987Z');

describe('metaTime', () => {
  it('has no fractions of a second and does not round up', () => {
    expect(metaTime(TIME)).toBe('2026-01-31T23:59:59Z');
  });
});

describe('microTime', () => {
  it('has exactly six digits of a second', () => {
    expect(microTime(TIME)).toBe('2026-01-31T23:59:59.987000Z');
    expect(microTime(new Date('2026-01-31T23:59:59Z'))).toBe('2026-01-31T23:59:59.000000Z');
  });
});
