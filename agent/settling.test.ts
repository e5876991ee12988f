import { describe, expect, it } from '@jest/globals';
import type { ClusterPlan } from '../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PLAN } from '../lib/apis/kinds.ts';
import type { Copy } from './core/plan-copy.ts';
import { Settling } from './settling.ts';

function plan(generation: number, pools = 1, status: object = {}): ClusterPlan {
  return {
    ...CLUSTER_PLAN,
    metadata: { name: 'demo', uid: 'u', generation },
    spec: { epoch: 2, clusterName: 'demo', cluster: { pools }, layers: [] },
    status,
  };
}

const FORGOT: Copy = { kind: 'Ignore', reason: 'ManagementRestored', message: 'm' };

/** For how long each plan counts as unchanged; a second passes before each one, and then the decision is noted. */
function ages(seen: readonly (readonly [ClusterPlan | undefined, Copy])[]): readonly number[] {
  let now = 0;
  const settling = new Settling(() => now);
  return seen.map(([shown, copy]) => {
    now += 1000;
    const age = settling.unchangedMs(shown);
    settling.note(shown, copy);
    return age;
  });
}

describe('the time for which a restored management side shows the same plan', () => {
  it.each<[string, Parameters<typeof ages>[0], readonly number[]]>([
    [
      'begins when it is first seen that the side forgot',
      [
        [plan(1), { kind: 'Current' }],
        [plan(1), FORGOT],
        [plan(1), FORGOT],
      ],
      [0, 0, 1000],
    ],
    [
      'goes on when only the status changes, and when the plan was read again',
      [
        [plan(1), FORGOT],
        [plan(1, 1, { agentVersion: 'v1' }), FORGOT],
        [plan(1), FORGOT],
      ],
      [0, 1000, 2000],
    ],
    [
      'begins anew with another plan',
      [
        [plan(1), FORGOT],
        [plan(2, 3), FORGOT],
        [plan(2, 3), FORGOT],
        [plan(3), FORGOT],
      ],
      [0, 0, 1000, 0],
    ],
    [
      'begins anew with the same generation of another content',
      [
        [plan(2, 1), FORGOT],
        [plan(2, 3), FORGOT],
      ],
      [0, 0],
    ],
    [
      'goes on while the link is offered to it: the offer can get lost',
      [
        [plan(1), FORGOT],
        [plan(1), { kind: 'Offer', lineage: { parent: 'a', head: 'b' } }],
        [plan(1), { kind: 'Offer', lineage: { parent: 'a', head: 'b' } }],
      ],
      [0, 1000, 2000],
    ],
    [
      'ends when the side remembers',
      [
        [plan(1), FORGOT],
        [plan(1), { kind: 'Current' }],
        [plan(1), FORGOT],
      ],
      [0, 1000, 0],
    ],
  ])('%s', (_case, seen, expected) => {
    expect(ages(seen)).toEqual(expected);
  });
});
