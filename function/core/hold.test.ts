import { describe, expect, it } from '@jest/globals';
import type { KubeObject, ManagedFieldsEntry } from '../../lib/core/object.ts';
import { CLUSTER } from './composed-names.ts';
import { held } from './hold.ts';
import { aScene } from '../testing/scenes.ts';
import { patched } from '../testing/objects.ts';

/** Recorded from kube-apiserver v1.36.3 with Cluster API's CRDs: Crossplane's entry of a fenced Cluster. */
const CROSSPLANE: ManagedFieldsEntry = {
  manager: 'apiextensions.crossplane.io/composed/77aa',
  operation: 'Apply',
  fieldsV1: {
    'f:metadata': {
      'f:annotations': { 'f:crossplane.io/composition-resource-name': {} },
      'f:labels': {
        'f:cluster.x-k8s.io/cluster-name': {},
        'f:crossplane.io/composite': {},
        'f:managedcluster.io/hold': {},
      },
      'f:ownerReferences': { 'k:{"uid":"22222222-1111-1111-1111-111111111111"}': {} },
    },
    'f:spec': {
      'f:clusterNetwork': {
        'f:pods': { 'f:cidrBlocks': {} },
        'f:serviceDomain': {},
        'f:services': { 'f:cidrBlocks': {} },
      },
      'f:controlPlaneRef': { 'f:apiGroup': {}, 'f:kind': {}, 'f:name': {} },
      'f:infrastructureRef': { 'f:apiGroup': {}, 'f:kind': {}, 'f:name': {} },
    },
  },
};

const desired = aScene('Provisioning').observed.composed[CLUSTER] as KubeObject;
const fenced = patched(desired, {
  metadata: {
    resourceVersion: '416',
    finalizers: ['cluster.cluster.x-k8s.io'],
    labels: { 'crossplane.io/composite': 'demo' },
    annotations: {
      'crossplane.io/composition-resource-name': 'cluster',
      'managedcluster.io/owner': 'moving',
      'managedcluster.io/epoch': '2',
    },
    ownerReferences: [{ uid: '22222222-1111-1111-1111-111111111111', controller: true }],
  },
  spec: { paused: true, controlPlaneEndpoint: { host: '192.0.2.1', port: 6443 } },
  status: { phase: 'Provisioned' },
});
const WANT = {
  apiVersion: desired.apiVersion,
  kind: desired.kind,
  metadata: {
    name: 'demo',
    namespace: 'team-a',
    labels: { 'cluster.x-k8s.io/cluster-name': 'demo', 'managedcluster.io/hold': '' },
  },
  spec: desired['spec'],
};

describe('held', () => {
  it.each<{ reason: string; managedFields: readonly ManagedFieldsEntry[] | undefined }>([
    { reason: 'by managedFields', managedFields: [{ manager: 'manager' }, CROSSPLANE] },
    { reason: 'without any, as in a render', managedFields: undefined },
    { reason: 'when Crossplane is not among them', managedFields: [{ manager: 'manager' }] },
  ])('is what was desired and no more, $reason', ({ managedFields }) => {
    const metadata = {
      ...fenced.metadata,
      ...(managedFields === undefined ? {} : { managedFields }),
    };

    expect(held({ ...fenced, metadata })).toEqual(WANT);
  });

  it('keeps an endpoint that was ours to say', () => {
    const fieldsV1 = { 'f:spec': { 'f:controlPlaneEndpoint': { 'f:host': {} } } };
    const metadata = { ...fenced.metadata, managedFields: [{ ...CROSSPLANE, fieldsV1 }] };

    expect(held({ ...fenced, metadata })['spec']).toEqual({
      controlPlaneEndpoint: { host: '192.0.2.1' },
    });
  });

  it('takes an object without spec', () => {
    const object = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, data: { a: '1' } };

    expect(held({ ...object, status: {} })).toEqual(object);
  });
});
