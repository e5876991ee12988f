import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { CLUSTER, CLUSTER_PLAN, CONTROL_PLANE, PIVOT } from './composed-names.ts';
import { decide } from './decide.ts';
import { aScene, type Scene } from '../testing/scenes.ts';
import { aMachine, reporting } from '../testing/objects.ts';

const NAMESAKE = {
  namespace: 'team-a',
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Cluster',
  matchName: 'demo',
};
const NAMESAKES = {
  namesake: NAMESAKE,
  'namesake-plan': {
    namespace: 'team-a',
    apiVersion: 'm.managedcluster.io/v1alpha1',
    kind: 'ClusterPlan',
    matchName: 'demo',
  },
  'namesake-pivot': {
    namespace: 'team-a',
    apiVersion: 'm.managedcluster.io/v1alpha1',
    kind: 'Pivot',
    matchName: 'demo',
  },
};
const MACHINES = {
  namespace: 'team-a',
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Machine',
  matchLabels: { 'cluster.x-k8s.io/cluster-name': 'demo' },
};

function asked({ observed }: Scene) {
  return decide(observed).requirements;
}

describe('requirementsOf', () => {
  it.each([
    {
      reason: 'before the first write: whose name it is',
      scene: aScene(),
      want: NAMESAKES,
    },
    {
      reason: 'with a Cluster: its Machines',
      scene: aScene('Provisioning'),
      want: { machines: MACHINES },
    },
    {
      reason: 'the Cluster could not be written yet, its infrastructure could',
      scene: aScene('Provisioning').without(CLUSTER),
      want: NAMESAKES,
    },
    {
      reason: 'released: the Cluster is there, controlled by an anchor, and no stranger’s',
      scene: aScene('Pivoting').without(CLUSTER, CONTROL_PLANE),
      want: {},
    },
    {
      reason: 'released, and the Pivot lost',
      scene: aScene('Pivoting').without(CLUSTER, CONTROL_PLANE, PIVOT),
      want: {},
    },
    { reason: 'behind the commit', scene: aScene('SelfManaged'), want: {} },
    {
      reason: 'behind the commit, with everything lost but the mark',
      scene: aScene('SelfManaged').without(CLUSTER_PLAN, PIVOT),
      want: {},
    },
    {
      reason: 'profiles and keys, in every phase',
      scene: aScene('SelfManaged').spec({
        ssh: { secretRef: { name: 'keys' } },
        profiles: [{ name: 'net', version: '1.0.0' }],
      }),
      want: {
        'profile/net': {
          apiVersion: 'm.managedcluster.io/v1alpha1',
          kind: 'ClusterProfile',
          matchName: 'net',
        },
        'ssh-keys': { apiVersion: 'v1', kind: 'Secret', matchName: 'keys', namespace: 'team-a' },
      },
    },
    {
      reason: 'nothing for a claim that can not be read',
      scene: aScene().composite({ spec: { kubernetes: null } }),
      want: {},
    },
  ])('$reason', ({ scene, want }) => {
    expect(asked(scene)).toEqual(want);
  });

  const other: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } };

  it.each([aScene(), aScene('Provisioning'), aScene('InstallingAgent'), aScene('Pivoting')])(
    'does not depend on the answers, so that the second call is the last',
    (scene) => {
      const wishes = scene.spec({
        ssh: { secretRef: { name: 'keys' } },
        profiles: [{ name: 'net', version: '1.0.0' }],
      });
      const before = asked(wishes);
      const answered = Object.keys(before).reduce((next, key) => next.answer(key, other), wishes);
      const machines = answered.answer('machines', reporting(aMachine(), { Ready: 'False' }));

      expect(asked(answered)).toEqual(before);
      expect(asked(machines)).toEqual(before);
    },
  );
});
