import { describe, expect, it } from '@jest/globals';
import { mayMove } from './objects.ts';

function aSecret(namespace: string, type: string) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name: 's' }, type };
}

describe('mayMove', () => {
  it.each([
    { reason: 'a Secret of the cluster', object: aSecret('team', 'Opaque'), want: true },
    {
      reason: 'what a server slips in from another namespace',
      object: aSecret('argocd', 'Opaque'),
      want: false,
    },
    {
      reason: 'a Secret that would be filled with a token',
      object: aSecret('team', 'kubernetes.io/service-account-token'),
      want: false,
    },
  ])('$reason: $want', ({ object, want }) => {
    expect(mayMove(object, 'team')).toBe(want);
  });
});
