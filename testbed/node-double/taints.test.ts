import { describe, expect, it } from '@jest/globals';
import { podOf, type Toleration } from './pod.ts';
import { untolerated } from './taints.ts';

const KEY = 'node.cloudprovider.kubernetes.io/uninitialized';
const TAINT = { key: KEY, value: 'true', effect: 'NoSchedule' };

function aNode(...taints: readonly object[]) {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, spec: { taints } };
}

function aPod(...tolerations: readonly Toleration[]) {
  const metadata = { name: 'p', namespace: 'ns', uid: 'u' };
  return podOf({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [], tolerations } });
}

describe('taints of the Node', () => {
  it.each<{ reason: string; tolerations: readonly Toleration[]; free: boolean }>([
    { reason: 'none', tolerations: [], free: false },
    { reason: 'its key', tolerations: [{ key: KEY, operator: 'Exists' }], free: true },
    { reason: 'key and value', tolerations: [{ key: KEY, value: 'true' }], free: true },
    { reason: 'another value', tolerations: [{ key: KEY, value: 'no' }], free: false },
    { reason: 'another key', tolerations: [{ key: 'k', operator: 'Exists' }], free: false },
    {
      reason: 'another effect',
      tolerations: [{ key: KEY, operator: 'Exists', effect: 'NoExecute' }],
      free: false,
    },
    { reason: 'everything', tolerations: [{ operator: 'Exists' }], free: true },
  ])('a Pod that tolerates $reason', ({ tolerations, free }) => {
    expect(untolerated(aPod(...tolerations), aNode(TAINT))).toEqual(free ? undefined : TAINT);
  });

  it('that only express a wish keep nobody off, nor do those of a Node without any', () => {
    expect(untolerated(aPod(), aNode({ ...TAINT, effect: 'PreferNoSchedule' }))).toBeUndefined();
    expect(untolerated(aPod(), aNode())).toBeUndefined();
    expect(untolerated(aPod(), undefined)).toBeUndefined();
  });
});
