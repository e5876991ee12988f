import { describe, expect, it } from '@jest/globals';
import type { JsonObject, KubeObject } from '../../lib/core/object.ts';
import { parse, understand } from './claim.ts';
import { NAMESAKE, NAMESAKE_PIVOT, NAMESAKE_PLAN } from './requirements.ts';
import { aScene, COMPOSITE_UID, type Scene } from '../testing/scenes.ts';
import { patched } from '../testing/objects.ts';

function problemsOf({ observed }: Scene): readonly string[] {
  const parsed = parse(observed.composite);
  const { problems } =
    parsed.kind === 'Misshapen' ? parsed : understand(parsed.spec, parsed.target, observed, false);
  return problems.map(({ reason, message }) => `${reason}: ${message}`);
}

describe('parse', () => {
  it('fills in what the API server would', () => {
    const parsed = parse(aScene().spec({ nodePools: null }).observed.composite);

    expect(parsed).toMatchObject({
      kind: 'Claim',
      target: { name: 'demo', namespace: 'team-a' },
      spec: {
        kubernetes: {
          version: 'v1.35.4',
          podCIDRs: ['10.244.0.0/16'],
          serviceCIDRs: ['10.96.0.0/12'],
          serviceDomain: 'cluster.local',
        },
        controlPlane: { replicas: 3, machine: {}, schedulable: true },
        nodePools: [],
        profiles: [],
        upgrade: { workersInParallel: 1 },
        certificates: { renewBeforeDays: 30 },
        agent: { tokenDays: 30, pauseUpgrades: false },
        deletionPolicy: 'Delete',
        paused: false,
      },
    });
  });

  it.each<{ reason: string; composite: JsonObject; want: JsonObject }>([
    {
      reason: 'a namespaced composite is the cluster itself',
      composite: {},
      want: { name: 'demo', namespace: 'team-a' },
    },
    {
      reason: 'the composite behind a claim has a generated name and no namespace',
      composite: {
        metadata: { name: 'demo-x7k2p', namespace: null },
        spec: { claimRef: { name: 'demo', namespace: 'team-b' } },
      },
      want: { name: 'demo', namespace: 'team-b' },
    },
  ])('$reason', ({ composite, want }) => {
    expect(parse(aScene().composite(composite).observed.composite)).toMatchObject({ target: want });
  });

  it.each<{ reason: string; composite: JsonObject; want: readonly string[] }>([
    {
      reason: 'a cluster-scoped composite without claim',
      composite: { metadata: { namespace: null } },
      want: [
        'InvalidSpec: this object has no namespace for the cluster: create a ManagedCluster claim or a NamespacedManagedCluster instead',
      ],
    },
    {
      reason: 'no spec at all',
      composite: { spec: null },
      want: ['InvalidSpec: spec.kubernetes is required', 'InvalidSpec: spec.cloud is required'],
    },
    {
      reason: 'wrong types, all of them at once',
      composite: { spec: { kubernetes: { version: 135 }, controlPlane: { replicas: 'three' } } },
      want: [
        'InvalidSpec: spec.kubernetes.version must be of type string',
        'InvalidSpec: spec.controlPlane.replicas must be of type integer',
      ],
    },
    {
      reason: 'an unknown cloud',
      composite: { spec: { cloud: { provider: 'moon' } } },
      want: ['InvalidSpec: spec.cloud.provider must be one of "docker", "vsphere", "aws", "gcp"'],
    },
    {
      reason: 'no block for the cloud (CEL refuses it, but not in a render)',
      composite: { spec: { cloud: { docker: null } } },
      want: ['InvalidSpec: spec.cloud.docker is required if spec.cloud.provider is docker'],
    },
  ])('refuses $reason', ({ composite, want }) => {
    expect(problemsOf(aScene().composite(composite))).toEqual(want);
  });
});

describe('understand', () => {
  const cluster: KubeObject = {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { name: 'demo', namespace: 'team-a' },
  };
  const taken = [
    'NameTaken: Cluster team-a/demo already exists and was not created by this object: choose another name',
  ];

  function owned(uid: string, controller: boolean): KubeObject {
    return patched(cluster, { metadata: { ownerReferences: [{ uid, controller }] } });
  }

  it.each([
    { reason: 'the name is free', answers: [], want: [] },
    { reason: 'there is a Cluster without a controller', answers: [cluster], want: taken },
    { reason: 'another composite has the name', answers: [owned('other', true)], want: taken },
    { reason: 'it is ours already', answers: [owned(COMPOSITE_UID, true)], want: [] },
    {
      reason: 'we own it without controlling it',
      answers: [owned(COMPOSITE_UID, false)],
      want: taken,
    },
  ])('$reason', ({ answers, want }) => {
    expect(problemsOf(aScene().answer(NAMESAKE, ...answers))).toEqual(want);
  });

  it.each([
    { key: NAMESAKE_PLAN, kind: 'ClusterPlan' },
    { key: NAMESAKE_PIVOT, kind: 'Pivot' },
  ])('a $kind is what is left here of a cluster that manages itself', ({ key, kind }) => {
    const left = patched(cluster, { apiVersion: 'm.managedcluster.io/v1alpha1', kind });
    const owners = { ownerReferences: [{ uid: COMPOSITE_UID, controller: true }] };

    expect(problemsOf(aScene().answer(key, left))).toEqual([
      `NameTaken: ${kind} team-a/demo already exists and was not created by this object: choose another name`,
    ]);
    expect(problemsOf(aScene().answer(key, patched(left, { metadata: owners })))).toEqual([]);
  });

  it('reports problems of expansion, name, profiles and keys together', () => {
    const scene = aScene()
      .spec({
        controlPlane: { machine: { type: 'm6i.large' } },
        profiles: [{ name: 'gone', version: '1.0.0' }],
        ssh: { secretRef: { name: 'keys' } },
      })
      .answer(NAMESAKE, cluster);

    expect(problemsOf(scene).map((problem) => problem.split(':')[0])).toEqual([
      'InvalidSpec',
      'NameTaken',
      'ProfileNotFound',
      'SecretNotFound',
    ]);
  });
});
