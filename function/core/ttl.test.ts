import { describe, expect, it } from '@jest/globals';
import { reporting } from '../testing/objects.ts';
import { aScene, type Scene } from '../testing/scenes.ts';
import { CLUSTER_PLAN } from './composed-names.ts';
import { decide } from './decide.ts';

const REF = { apiVersion: 'managedcluster.io/v1alpha1', kind: 'ManagedCluster' };

/** An operational cluster that was handed over at midnight. */
function operational(pivoted: 'True' | 'False' = 'True'): Scene {
  const condition = { type: 'Pivoted', status: pivoted, reason: 'Pivoted' };
  const lastTransitionTime = '2026-01-01T00:00:00Z';
  return aScene('SelfManaged')
    .change(CLUSTER_PLAN, (plan) =>
      reporting(plan, {
        ControlPlaneReady: 'True',
        WorkersReady: 'True',
        AddOnsReady: 'True',
        AgentConnected: 'True',
      }),
    )
    .composite({ status: { conditions: [{ ...condition, lastTransitionTime }] } });
}

function ofClaim(scene: Scene): Scene {
  return scene.composite({ spec: { claimRef: { ...REF, namespace: 'team', name: 'demo' } } });
}

/** The collector of Crossplane v2.3.4 stops all watches of a claim once after its pivot (facts/crossplane-runs.md 7.1). */
describe('time to live after a handover', () => {
  it.each([
    { of: 'a claim, at once', scene: ofClaim(operational()).at('2026-01-01T00:00:10Z'), want: 20 },
    {
      of: 'a claim, until a collection has passed',
      scene: ofClaim(operational()).at('2026-01-01T00:02:30Z'),
      want: 20,
    },
    { of: 'a claim, later', scene: ofClaim(operational()).at('2026-01-01T00:02:31Z'), want: 4000 },
    {
      of: 'a claim that is not handed over',
      scene: ofClaim(operational('False')).at('2026-01-01T00:00:10Z'),
      want: 4000,
    },
    {
      of: 'a namespaced composite, whose watches stay',
      scene: operational().at('2026-01-01T00:00:10Z'),
      want: 4000,
    },
  ])('$of: $want s', ({ scene, want }) => {
    expect(decide(scene.observed).ttlSeconds).toBe(want);
  });
});
