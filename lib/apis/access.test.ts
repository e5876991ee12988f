import { describe, expect, it } from '@jest/globals';
import { accessWith } from './access.ts';

describe('accessWith', () => {
  it('admits a certificate once, beside those before', () => {
    const first = accessWith(undefined, 'a');
    expect(first).toEqual({ admitted: 'a' });
    expect(accessWith(first, 'a')).toBeUndefined();
    expect(accessWith(first, 'b')).toEqual({ admitted: 'a b' });
  });

  it('leaves a list alone that an administrator has opened', () => {
    expect(accessWith({ admitted: '*' }, 'a')).toBeUndefined();
    expect(accessWith({ admitted: 'b *' }, 'a')).toBeUndefined();
  });

  it('has an end, and is not confused by what others wrote', () => {
    expect(accessWith({ admitted: 'a b c d e f g h' }, 'i')?.['admitted']).toBe('b c d e f g h i');
    expect(accessWith({ admitted: '' }, 'a')).toEqual({ admitted: 'a' });
    expect(accessWith({ admitted: ['a'] }, 'b')).toEqual({ admitted: 'b' });
  });
});
