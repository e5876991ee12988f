import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import {
  AGENT_INSTALLATION,
  CLUSTER,
  CLUSTER_PLAN,
  CONTROL_PLANE,
  INFRASTRUCTURE_CLUSTER,
  isClusterApi,
  PIVOT,
  templateName,
} from './composed-names.ts';
import { decide } from './decide.ts';
import { isReady } from './desired.ts';
import { aScene, type Scene } from '../testing/scenes.ts';
import { patched, reporting } from '../testing/objects.ts';

function desired({ observed }: Scene) {
  return decide(observed).desired;
}

function names(scene: Scene): readonly string[] {
  return Object.keys(desired(scene)).toSorted();
}

const CAPI = Object.keys(aScene('Provisioning').observed.composed);
const [TEMPLATE = ''] = CAPI.filter((name) => name.startsWith(templateName('')));
const OLD = templateName('0ld');

function fenced(scene: Scene): Scene {
  const annotations = { 'managedcluster.io/owner': 'moving', 'managedcluster.io/epoch': '2' };
  return scene.change(CLUSTER, (cluster) =>
    patched(cluster, { metadata: { annotations }, spec: { paused: true } }),
  );
}

const released = aScene('Pivoting')
  .change(PIVOT, (pivot) => reporting(pivot, { Released: 'True' }))
  .without(...CAPI);

describe('what is desired', () => {
  it.each([
    { reason: 'New: the first control plane', scene: aScene(), want: CAPI },
    { reason: 'Provisioning', scene: aScene('Provisioning'), want: CAPI },
    {
      reason: 'InstallingAgent',
      scene: aScene('InstallingAgent'),
      want: [...CAPI, CLUSTER_PLAN, AGENT_INSTALLATION],
    },
    {
      reason: 'Pivoting',
      scene: aScene('Pivoting'),
      want: [...CAPI, CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT],
    },
    {
      reason: 'released: never again what is no longer ours',
      scene: released,
      want: [CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT],
    },
    {
      reason: 'aborted after the release: ours again',
      scene: released.change(PIVOT, (pivot) => reporting(pivot, { Released: 'False' })),
      want: [...CAPI, CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT],
    },
    {
      reason: 'SelfManaged',
      scene: aScene('SelfManaged'),
      want: [CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT],
    },
    {
      reason: 'SelfManaged, but one is still controlled by Crossplane',
      scene: aScene('SelfManaged').with(
        CLUSTER,
        aScene('Pivoting').observed.composed[CLUSTER] as KubeObject,
      ),
      want: [CLUSTER, CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT],
    },
  ])('$reason', ({ scene, want }) => {
    expect(names(scene)).toEqual([...want].toSorted());
  });

  it('is one control plane machine, however many the claim wants', () => {
    const scene = aScene('InstallingAgent').spec({ controlPlane: { replicas: 5 } });

    expect(desired(scene)[CONTROL_PLANE]?.['spec']).toMatchObject({ replicas: 1 });
  });

  it('does not follow the claim while it moves: only the plan does', () => {
    const moving = fenced(aScene('Pivoting'));
    const changed = moving.spec({ kubernetes: { version: 'v1.36.0' } });
    const [before, after] = [desired(moving), desired(changed)];

    for (const name of CAPI) expect(after[name]).toEqual(before[name]);
    expect(after[CLUSTER_PLAN]).not.toEqual(before[CLUSTER_PLAN]);
    expect(
      desired(aScene('Pivoting').spec({ kubernetes: { version: 'v1.36.0' } }))[CONTROL_PLANE]?.[
        'spec'
      ],
    ).toMatchObject({ version: 'v1.36.0' });
  });

  it('holds what is fenced without the marks of the fence', () => {
    const cluster = desired(fenced(aScene('Pivoting')))[CLUSTER];

    expect(cluster?.['spec']).toEqual(desired(aScene())[CLUSTER]?.['spec']);
    expect(cluster?.metadata).toEqual(desired(aScene())[CLUSTER]?.metadata);
  });
});

function refersTo(scene: Scene, name: string): Scene {
  const infrastructureRef = { kind: 'DevMachineTemplate', name };
  return scene.change(CONTROL_PLANE, (controlPlane) =>
    patched(controlPlane, { spec: { machineTemplate: { spec: { infrastructureRef } } } }),
  );
}

describe('templates', () => {
  const { composed } = aScene('InstallingAgent').observed;
  const old = patched(composed[TEMPLATE] as KubeObject, { metadata: { name: 'demo-cp-0ld' } });
  const both = aScene('InstallingAgent').with(OLD, old);

  it.each([
    {
      reason: 'the old one is deleted when all Machines use the new one',
      scene: both,
      want: false,
    },
    {
      reason: 'it stays while the control plane still refers to it',
      scene: refersTo(both, 'demo-cp-0ld'),
      want: true,
    },
    {
      reason: 'it stays while Machines are out of date',
      scene: both.change(CONTROL_PLANE, (kcp) => reporting(kcp, { MachinesUpToDate: 'False' })),
      want: true,
    },
    {
      reason: 'it stays while that is unknown',
      scene: both.change(CONTROL_PLANE, (kcp) => reporting(kcp, { MachinesUpToDate: 'Unknown' })),
      want: true,
    },
    {
      reason: 'it stays while the status is old',
      scene: both.change(CONTROL_PLANE, (kcp) => patched(kcp, { metadata: { generation: 2 } })),
      want: true,
    },
    {
      reason: 'it stays while the control plane is gone',
      scene: both.without(CONTROL_PLANE),
      want: true,
    },
    {
      reason: 'it stays when the reference can not be read',
      scene: both.change(CONTROL_PLANE, (kcp) => patched(kcp, { spec: { machineTemplate: null } })),
      want: true,
    },
    {
      reason: 'it stays while the cluster moves',
      scene: fenced(aScene('Pivoting').with(OLD, old)),
      want: true,
    },
  ])('$reason', ({ scene, want }) => {
    expect(names(scene).includes(OLD)).toBe(want);
    expect(names(scene)).toContain(TEMPLATE);
  });

  it('a changed machine is a new template beside the old one', () => {
    const changed = aScene('InstallingAgent').spec({ cloud: { docker: { preLoadImages: ['x'] } } });
    const templates = names(changed).filter((name) => name.startsWith(templateName('')));

    expect(templates).toHaveLength(2);
    expect(templates).toContain(TEMPLATE);
  });
});

describe('isReady', () => {
  const ready = aScene('Pivoting').change(PIVOT, (pivot) => reporting(pivot, { Ready: 'True' }));
  const object = ready.observed.composed;
  const legacy = { apiVersion: 'v1beta1', kind: 'X', metadata: {}, status: { ready: true } };

  it.each([
    { name: CLUSTER, object: object[CLUSTER], want: true },
    { name: CLUSTER, object: aScene('Provisioning').observed.composed[CLUSTER], want: false },
    { name: CONTROL_PLANE, object: object[CONTROL_PLANE], want: true },
    {
      name: INFRASTRUCTURE_CLUSTER,
      object: { ...legacy, status: { initialization: { provisioned: true } } },
      want: true,
    },
    { name: INFRASTRUCTURE_CLUSTER, object: legacy, want: true },
    { name: INFRASTRUCTURE_CLUSTER, object: { ...legacy, status: {} }, want: false },
    { name: TEMPLATE, object: object[TEMPLATE], want: true },
    { name: CLUSTER_PLAN, object: object[CLUSTER_PLAN], want: true },
    { name: AGENT_INSTALLATION, object: object[AGENT_INSTALLATION], want: true },
    { name: PIVOT, object: object[PIVOT], want: true },
    { name: PIVOT, object: aScene('Pivoting').observed.composed[PIVOT], want: false },
    { name: CLUSTER_PLAN, object: undefined, want: false },
  ])('$name: $want', ({ name, object: there, want }) => {
    expect(isReady(name, there)).toBe(want);
  });

  it('knows what moves', () => {
    expect(CAPI.every(isClusterApi)).toBe(true);
    expect([CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT].some(isClusterApi)).toBe(false);
  });
});
