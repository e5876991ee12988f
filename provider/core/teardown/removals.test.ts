import { describe, expect, it } from '@jest/globals';
import { HOLD_LABEL } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { removalsOf } from './removals.ts';

const HELD = { [HOLD_LABEL]: '' };

function object(apiVersion: string, kind: string, name: string, labels = {}): KubeObject {
  return { apiVersion, kind, metadata: { name, labels } };
}

const cluster: KubeObject = {
  ...object('cluster.x-k8s.io/v1beta2', 'Cluster', 'demo', HELD),
  spec: {
    controlPlaneRef: { kind: 'KubeadmControlPlane', name: 'demo-cp' },
    infrastructureRef: { kind: 'DevCluster', name: 'demo' },
  },
};
const controlPlane = object(
  'controlplane.cluster.x-k8s.io/v1beta2',
  'KubeadmControlPlane',
  'demo-cp',
  HELD,
);
const infrastructure = object(
  'infrastructure.cluster.x-k8s.io/v1beta2',
  'DevCluster',
  'demo',
  HELD,
);
const master = object('cluster.x-k8s.io/v1beta2', 'Machine', 'demo-cp-1', {
  'cluster.x-k8s.io/control-plane': '',
});
const worker = object('cluster.x-k8s.io/v1beta2', 'Machine', 'demo-workers-1');
const pool = object('cluster.x-k8s.io/v1beta2', 'MachineDeployment', 'demo-workers');
const cloudMachine = object('infrastructure.cluster.x-k8s.io/v1beta2', 'DevMachine', 'demo-cp-1');
const template = object(
  'infrastructure.cluster.x-k8s.io/v1beta2',
  'DevMachineTemplate',
  'demo-cp-x',
);

function going(one: KubeObject): KubeObject {
  return { ...one, metadata: { ...one.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
}

describe('removalsOf', () => {
  it.each([
    {
      reason: 'with workers only the Cluster may go',
      objects: [cluster, controlPlane, infrastructure, master, worker, pool, template],
      unhold: [cluster],
      remove: [cluster],
    },
    {
      reason: 'without workers the control plane is free before the Cluster is deleted',
      objects: [cluster, controlPlane, infrastructure, master, template],
      unhold: [cluster, controlPlane],
      remove: [cluster],
    },
    {
      reason: 'the infrastructure stays held as long as there is a machine',
      objects: [going(cluster), infrastructure, master],
      unhold: [going(cluster)],
      remove: [],
    },
    {
      reason: 'the infrastructure is free when the last machine is gone',
      objects: [going(cluster), infrastructure, template],
      unhold: [going(cluster), infrastructure],
      remove: [],
    },
    {
      reason: 'without a Cluster the workers go first',
      objects: [controlPlane, infrastructure, pool, worker, going(master)],
      unhold: [],
      remove: [pool, worker],
    },
    {
      reason: 'without a Cluster the control plane goes before the infrastructure',
      objects: [controlPlane, infrastructure, template],
      unhold: [controlPlane],
      remove: [controlPlane],
    },
    {
      reason: 'a machine of the cloud that nobody owns goes before the infrastructure',
      objects: [infrastructure, cloudMachine],
      unhold: [],
      remove: [cloudMachine],
    },
    {
      reason: 'without a Cluster the infrastructure goes before templates',
      objects: [infrastructure, template],
      unhold: [infrastructure],
      remove: [infrastructure],
    },
    { reason: 'templates go last', objects: [template], unhold: [], remove: [template] },
    { reason: 'nothing is there', objects: [], unhold: [], remove: [] },
  ])('$reason', ({ objects, unhold, remove }) => {
    expect(removalsOf(objects)).toEqual({ unhold, remove });
  });
});
