import { describe, expect, it } from '@jest/globals';
import { type Expected, type TargetFacts, targetRefusal } from './target-refusal.ts';

const EXPECTED: Expected = {
  cluster: { namespace: 'team', name: 'demo' },
  kubeconfig: 'team/demo-kubeconfig',
  knownUid: undefined,
  managementUid: 'm',
  forgotten: false,
};

describe('targetRefusal', () => {
  it.each<{ reason: string; facts: TargetFacts; expected?: Partial<Expected> }>([
    { reason: 'a cluster without an agent', facts: { uid: 'w', agentOf: undefined } },
    {
      reason: 'its own agent, of an AgentInstallation that was made anew',
      facts: { uid: 'w', agentOf: { namespace: 'team', name: 'demo' } },
    },
    {
      reason: 'the cluster of before',
      facts: { uid: 'w', agentOf: { namespace: 'team', name: 'demo' } },
      expected: { knownUid: 'w' },
    },
    {
      reason: 'a management side that does not tell who it is',
      facts: { uid: 'w', agentOf: undefined },
      expected: { managementUid: undefined },
    },
  ])('accepts $reason', ({ facts, expected }) => {
    expect(targetRefusal(facts, { ...EXPECTED, ...expected })).toBeUndefined();
  });

  it.each<{ facts: TargetFacts; knownUid?: string; want: string; says: string }>([
    {
      facts: { uid: 'w', agentOf: { namespace: 'team', name: 'other' } },
      want: 'TargetOfAnotherCluster',
      says: 'whose agent works for team/other, not for team/demo: replace it with the kubeconfig of team/demo; or, if team/other no longer uses that cluster, delete Secret managed-cluster-system/managed-cluster-agent-bootstrap there',
    },
    {
      facts: { uid: 'w', agentOf: { namespace: 'rival', name: 'demo' } },
      knownUid: 'w',
      want: 'TargetOfAnotherCluster',
      says: 'works for rival/demo',
    },
    {
      facts: { uid: 'new', agentOf: { namespace: 'team', name: 'demo' } },
      knownUid: 'old',
      want: 'TargetChanged',
      says: '(the uid of namespace kube-system is new, it was old)',
    },
    {
      facts: { uid: 'm', agentOf: undefined },
      want: 'TargetIsManagement',
      says: 'The kubeconfig in Secret team/demo-kubeconfig connects to the management side itself',
    },
  ])('refuses: $want, $says', ({ facts, knownUid, want, says }) => {
    const refusal = targetRefusal(facts, { ...EXPECTED, knownUid });

    expect(refusal?.reason).toBe(want);
    expect(refusal?.message).toContain(says);
  });
});
