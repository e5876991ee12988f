import { describe, expect, it } from '@jest/globals';
import { base64, secretText } from './secret-data.ts';

describe('secretText', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {},
    data: { text: base64('grün'), empty: '', number: 1 },
  };

  it.each([
    { key: 'text', want: 'grün' },
    { key: 'empty', want: '' },
    { key: 'number', want: undefined },
    { key: 'other', want: undefined },
  ])('$key: $want', ({ key, want }) => {
    expect(secretText(secret, key)).toBe(want);
  });

  it.each([undefined, { ...secret, data: undefined }])('without data there is none', (without) => {
    expect(secretText(without, 'text')).toBeUndefined();
  });
});
