import { describe, expect, it } from '@jest/globals';
import { accessWith } from './access.ts';

describe('accessWith', () => {
  it('admits a certificate once, beside those of the same handover', () => {
    const first = accessWith(undefined, '3', 'a');
    expect(first).toEqual({ epoch: '3', admitted: 'a' });
    expect(accessWith(first, '3', 'a')).toBeUndefined();
    expect(accessWith(first, '3', 'b')).toEqual({ epoch: '3', admitted: 'a b' });
  });

  it('forgets the certificates of an earlier handover: they are in backups of the time between', () => {
    expect(accessWith({ epoch: '3', admitted: 'a b' }, '5', 'c')).toEqual({
      epoch: '5',
      admitted: 'c',
    });
  });

  it('has an end, and is not confused by what others wrote', () => {
    expect(accessWith({ epoch: '3', admitted: 'a b c d' }, '3', 'e')?.admitted).toBe('b c d e');
    expect(accessWith({ epoch: '3', admitted: '' }, '3', 'a')?.admitted).toBe('a');
    expect(accessWith({ epoch: 3, admitted: ['a'] }, '3', 'b')?.admitted).toBe('b');
  });
});
