import { describe, expect, it } from '@jest/globals';
import { OWNER_ANNOTATION, SOURCE_UID_ANNOTATION } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { forwardOf, stepOf } from './pivot-state.ts';

function pivot(
  conditions: Readonly<Record<string, string>>,
  more: { readonly abort?: boolean; readonly phase?: string } = {},
): KubeObject {
  return {
    apiVersion: 'm.managedcluster.io/v1alpha1',
    kind: 'Pivot',
    metadata: { name: 'demo' },
    spec: { abort: more.abort ?? false },
    status: {
      phase: more.phase,
      conditions: Object.entries(conditions).map(([type, status]) => ({ type, status })),
    },
  };
}

function clusterOf(owner: string, more: Readonly<Record<string, string>> = {}): KubeObject {
  const annotations = { [OWNER_ANNOTATION]: owner, ...more };
  return { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', metadata: { annotations } };
}

const COPIED = { [SOURCE_UID_ANNOTATION]: 'u1' };
const abandoned: KubeObject = {
  ...pivot({}),
  status: {
    conditions: [
      { type: 'Committed', status: 'True' },
      { type: 'Ready', status: 'False', reason: 'Abandoned' },
    ],
  },
};
const NOTHING = {
  pivot: undefined,
  plan: undefined,
  cluster: undefined,
  committed: false,
  certain: true,
};
const plan = {
  apiVersion: 'm.managedcluster.io/v1alpha1',
  kind: 'ClusterPlan',
  metadata: {},
  spec: { handedOver: true },
};
const calledOff = pivot({ Aborted: 'True' }, { abort: true, phase: 'Aborted' });

describe('forwardOf', () => {
  it.each([
    { reason: 'no Pivot', view: NOTHING, forward: 'NotBegun' },
    {
      reason: 'a Pivot that has not begun',
      view: { ...NOTHING, pivot: pivot({}) },
      forward: 'BeforeCommit',
    },
    {
      reason: 'the decision to abort is not its end',
      view: { ...NOTHING, pivot: pivot({ Aborted: 'True' }, { abort: true, phase: 'Aborting' }) },
      forward: 'BeforeCommit',
    },
    {
      reason: 'an attempt that gave up by itself will try again',
      view: { ...NOTHING, pivot: pivot({ Aborted: 'True' }, { phase: 'Aborted' }) },
      forward: 'BeforeCommit',
    },
    { reason: 'called off', view: { ...NOTHING, pivot: calledOff }, forward: 'Aborted' },
    {
      reason: 'called off, but the fence stands',
      view: { ...NOTHING, pivot: calledOff, cluster: clusterOf('moving') },
      forward: 'BeforeCommit',
    },
    {
      reason: 'called off, and given back',
      view: { ...NOTHING, pivot: calledOff, cluster: clusterOf('management') },
      forward: 'Aborted',
    },
    {
      reason: 'committed',
      view: { ...NOTHING, pivot: pivot({ Committed: 'True', Ready: 'False' }, { abort: true }) },
      forward: 'AfterCommit',
    },
    {
      reason: 'completed',
      view: { ...NOTHING, pivot: pivot({ Committed: 'True', Ready: 'True' }) },
      forward: 'HandedOver',
    },
    {
      reason: 'only the composite knows',
      view: { ...NOTHING, committed: true },
      forward: 'HandedOver',
    },
    {
      reason: 'given up behind its commit',
      view: { ...NOTHING, pivot: abandoned, cluster: clusterOf('moving') },
      forward: 'HandedOver',
    },
    {
      reason: 'on its way back',
      view: { ...NOTHING, committed: true, cluster: clusterOf('moving', COPIED) },
      forward: 'HandedOver',
    },
    {
      reason: 'taken back by somebody',
      view: { ...NOTHING, committed: true, cluster: clusterOf('management', COPIED) },
      forward: 'TakenBack',
    },
    {
      reason: 'no copy, whatever it says of its owner',
      view: { ...NOTHING, committed: true, cluster: clusterOf('management') },
      forward: 'HandedOver',
    },
    {
      reason: 'the cluster manages itself, and nothing here knows of a handover',
      view: { ...NOTHING, cluster: clusterOf('workload') },
      forward: 'Forgotten',
    },
    {
      reason: 'the same, of somebody else with this name',
      view: { ...NOTHING, cluster: clusterOf('workload'), certain: false },
      forward: 'NotBegun',
    },
    { reason: 'only the plan knows', view: { ...NOTHING, plan }, forward: 'HandedOver' },
    {
      reason: 'the Pivot has lost its status',
      view: { ...NOTHING, plan, pivot: pivot({}) },
      forward: 'AfterCommit',
    },
  ])('$reason: $forward', ({ view, forward }) => {
    expect(forwardOf(view)).toBe(forward);
  });
});

describe('stepOf', () => {
  it('names the current step and what it waits for', () => {
    const steps = [
      { name: 'Prepare', endTime: 'x' },
      { name: 'Fence', message: 'Waiting for KCP' },
    ];
    const object = { ...pivot({}), status: { phase: 'Fence', steps } };

    expect(stepOf(object)).toBe('its phase is Fence: Waiting for KCP');
  });

  it('reports that nothing has started', () => {
    expect(stepOf(pivot({}))).toBe('it has not started');
  });
});
