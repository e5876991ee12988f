import { describe, expect, it } from '@jest/globals';
import type { KubeApi } from '../../lib/kube/api.ts';
import { listAll, mayMove } from './objects.ts';

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

describe('listAll', () => {
  it('does not ask for the releases of Helm, which can be more than the bounds of an answer', async () => {
    const asked: unknown[] = [];
    const list: KubeApi['list'] = (type, options) => {
      asked.push([type.kind, options?.fieldSelector]);
      return Promise.resolve({ resourceVersion: '1', items: [] });
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else is called
    const api = { list } as unknown as KubeApi;
    const kinds = ['Secret', 'ConfigMap'].map((kind) => ({ apiVersion: 'v1', kind }));
    await listAll(api, kinds, 'team');
    expect(asked).toEqual([
      ['Secret', 'type!=helm.sh/release.v1,type!=kubernetes.io/service-account-token'],
      ['ConfigMap', undefined],
    ]);
  });
});
