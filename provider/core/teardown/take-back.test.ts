import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { subjectOf } from './subject.ts';
import { backPivot, reachMessage, strandedMessage, takeBackOf } from './take-back.ts';
import { type Signs, signsAfter, UNREACHABLE_MS, unreachableFor } from './unreachable.ts';

function back(conditions: readonly string[], source = 'Cluster'): KubeObject {
  return {
    apiVersion: 'm.managedcluster.io/v1alpha1',
    kind: 'Pivot',
    metadata: { name: 'demo-back' },
    spec: { source },
    status: { conditions: conditions.map((type) => ({ type, status: 'True' })) },
  };
}

const VIEW = { back: undefined, terminating: false, forced: false, unreachableMs: 0 };
const DEAD = { ...VIEW, unreachableMs: UNREACHABLE_MS };

describe('takeBackOf', () => {
  it.each([
    { reason: 'nothing has begun', view: VIEW, kind: 'Create' },
    { reason: 'nothing can be made', view: { ...VIEW, terminating: true }, kind: 'Stranded' },
    { reason: 'it is under way', view: { ...VIEW, back: back([]) }, kind: 'Wait' },
    {
      reason: 'it was under way before the namespace was deleted',
      view: { ...VIEW, back: back([]), terminating: true },
      kind: 'Wait',
    },
    {
      reason: 'the cluster is slow',
      view: { ...DEAD, unreachableMs: 1, back: back([]) },
      kind: 'Wait',
    },
    { reason: 'the cluster is dead', view: { ...DEAD, back: back([]) }, kind: 'UseEscrow' },
    {
      reason: 'the user says that it is dead',
      view: { ...VIEW, forced: true, back: back([]) },
      kind: 'UseEscrow',
    },
    { reason: 'the escrow is used', view: { ...DEAD, back: back([], 'Escrow') }, kind: 'Wait' },
    {
      reason: 'it is behind its commit: the source makes no difference',
      view: { ...DEAD, back: back(['Committed']) },
      kind: 'Wait',
    },
    { reason: 'it is back', view: { ...DEAD, back: back(['Committed', 'Ready']) }, kind: 'Done' },
  ])('$reason: $kind', ({ view, kind }) => {
    expect(takeBackOf(view).kind).toBe(kind);
  });
});

describe('unreachableFor', () => {
  it.each([
    {
      reason: 'it answered',
      look: { unreachableMs: 5000, sinceLastMs: 1000, reached: true },
      ms: 0,
    },
    {
      reason: 'it did not',
      look: { unreachableMs: 5000, sinceLastMs: 1000, reached: false },
      ms: 6000,
    },
    {
      reason: 'the provider was just started',
      look: { unreachableMs: 5000, sinceLastMs: undefined, reached: false },
      ms: 5000,
    },
    {
      reason: 'the provider slept for an hour',
      look: { unreachableMs: 5000, sinceLastMs: 3_600_000, reached: false },
      ms: 65_000,
    },
  ])('$reason', ({ look, ms }) => {
    expect(unreachableFor(look)).toBe(ms);
  });
});

describe('signsAfter', () => {
  const SECOND = { sinceLastMs: 1000, reached: false };

  function after(
    looks: readonly (readonly [beat: string | undefined, reached?: boolean])[],
  ): Signs {
    return looks.reduce<Signs>(
      (signs, [beat, reached = false]) => signsAfter(signs, { ...SECOND, beat, reached }),
      { unreachableMs: 0 },
    );
  }

  it('counts while neither the API server nor the agent responds', () => {
    expect(after([['t1'], ['t1'], ['t1']])).toMatchObject({ unreachableMs: 3000, heard: false });
    expect(after([[undefined], [undefined]])).toMatchObject({ unreachableMs: 2000, heard: false });
  });

  it('restarts with every Lease renewal of the agent', () => {
    expect(after([['t1'], ['t1'], ['t2']])).toMatchObject({ unreachableMs: 0, heard: true });
    expect(after([['t1'], ['t2'], ['t2']])).toMatchObject({ unreachableMs: 1000, heard: true });
  });

  it('does not count the first read as a renewal', () => {
    expect(after([['t1']])).toMatchObject({ unreachableMs: 1000, heard: false });
  });

  it('never counts a cluster as dead whose agent renews its Lease every ten seconds, whatever its clock', () => {
    const looks = Array.from({ length: 1200 }, (_, at) => [`t${Math.floor(at / 10) % 7}`] as const);

    expect(after(looks)).toMatchObject({ unreachableMs: 9000, heard: true });
  });

  it('counts an agent as silent after four missed renewals', () => {
    const silence = Array.from({ length: 40 }, () => ['t2'] as const);

    expect(after([['t1'], ['t2'], ...silence.slice(1)]).heard).toBe(true);
    expect(after([['t1'], ['t2'], ...silence]).heard).toBe(false);
  });

  it('needs no agent while the API server answers', () => {
    expect(after([['t1'], ['t2'], [undefined, true]])).toMatchObject({
      unreachableMs: 0,
      heard: false,
      beat: 't2',
    });
  });
});

const composite: KubeObject = {
  apiVersion: 'm.managedcluster.io/v1alpha1',
  kind: 'NamespacedManagedCluster',
  metadata: { name: 'demo', namespace: 'team', uid: 'u1' },
  spec: { cloud: { provider: 'docker' } },
};

describe('backPivot', () => {
  const subject = subjectOf(composite, undefined, false)!;

  it('is held, has the name of the cluster, and has no owner', () => {
    expect(backPivot(subject)).toMatchObject({
      metadata: {
        name: 'demo-back',
        namespace: 'team',
        labels: { 'managedcluster.io/cluster': 'demo', 'managedcluster.io/hold': '' },
      },
      spec: {
        clusterName: 'demo',
        direction: 'ToManagement',
        provider: 'docker',
        kubeconfigSecretRef: { name: 'demo-kubeconfig', key: 'value' },
      },
    });
    expect(backPivot(subject).metadata.ownerReferences).toBeUndefined();
  });

  it('says what to do if it cannot be created', () => {
    expect(strandedMessage(subject)).toContain('set spec.deletionPolicy to Orphan');
  });

  it('says how long it waits for the cluster', () => {
    const signs = { unreachableMs: UNREACHABLE_MS - 61_000 };

    expect(reachMessage(subject, signs, 'refused')).toContain(
      '(refused); its last known state is used instead in 2 min',
    );
  });

  it('says that a cluster with a responding agent is alive, and what to do', () => {
    const message = reachMessage(subject, { unreachableMs: 0, heard: true }, 'refused');

    expect(message).toContain(
      'it is alive: its agent renews Lease managed-cluster-agents/managed-cluster-agent-',
    );
    expect(message).toContain(
      'Fix the route to its API server, or the kubeconfig in Secret team/demo-kubeconfig',
    );
    expect(message).toContain('managedcluster.io/force-escrow: "true"');
    expect(message).not.toContain(' min ');
  });
});
