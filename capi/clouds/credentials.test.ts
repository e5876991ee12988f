import { describe, expect, it } from '@jest/globals';
import type { Cloud } from '../cloud.ts';
import { clouds } from './index.ts';

const AWS = 'infrastructure.cluster.x-k8s.io/v1beta2';
const SECRET = { apiVersion: 'v1', kind: 'Secret' };

describe('credentials', () => {
  it.each<{
    reason: string;
    cloud: Cloud;
    ref: { kind?: string; name: string };
    expected: unknown;
  }>([
    {
      reason: 'vSphere: a Secret beside the cluster unless told otherwise',
      cloud: clouds.vsphere,
      ref: { name: 'vcenter' },
      expected: { ...SECRET, namespace: 'team-a', name: 'vcenter' },
    },
    {
      reason: 'vSphere: an identity object',
      cloud: clouds.vsphere,
      ref: { kind: 'VSphereClusterIdentity', name: 'vcenter' },
      expected: { apiVersion: AWS, kind: 'VSphereClusterIdentity', name: 'vcenter' },
    },
    {
      reason: 'AWS: the identity object that is named',
      cloud: clouds.aws,
      ref: { kind: 'AWSClusterStaticIdentity', name: 'account' },
      expected: { apiVersion: AWS, kind: 'AWSClusterStaticIdentity', name: 'account' },
    },
    {
      reason: 'GCP: a Secret beside the cluster',
      cloud: clouds.gcp,
      ref: { name: 'account' },
      expected: { ...SECRET, namespace: 'team-a', name: 'account' },
    },
  ])('$reason', ({ cloud, ref, expected }) => {
    expect(cloud.credentials?.(ref, 'team-a')).toEqual([expected]);
  });
});

describe('credentialsNamedBy', () => {
  it.each<{ reason: string; cloud: Cloud; kind: string; spec: unknown; expected: unknown }>([
    {
      reason: 'vSphere: the Secret of an identity is where the provider is',
      cloud: clouds.vsphere,
      kind: 'VSphereClusterIdentity',
      spec: { secretName: 's' },
      expected: [{ ...SECRET, namespace: 'capv-system', name: 's' }],
    },
    {
      reason: 'vSphere: a Secret names nothing',
      cloud: clouds.vsphere,
      kind: 'Secret',
      spec: undefined,
      expected: [],
    },
    {
      reason: 'AWS: the keys of a static identity are where the provider is',
      cloud: clouds.aws,
      kind: 'AWSClusterStaticIdentity',
      spec: { secretRef: 's' },
      expected: [{ ...SECRET, namespace: 'capa-system', name: 's' }],
    },
    {
      reason: 'AWS: a role is assumed by another identity',
      cloud: clouds.aws,
      kind: 'AWSClusterRoleIdentity',
      spec: { roleARN: 'r', sourceIdentityRef: { kind: 'AWSClusterStaticIdentity', name: 'i' } },
      expected: [{ apiVersion: AWS, kind: 'AWSClusterStaticIdentity', name: 'i' }],
    },
    {
      reason: 'AWS: a role without a source',
      cloud: clouds.aws,
      kind: 'AWSClusterRoleIdentity',
      spec: { roleARN: 'r' },
      expected: [],
    },
    {
      reason: 'AWS: the identity of the provider itself has no Secret',
      cloud: clouds.aws,
      kind: 'AWSClusterControllerIdentity',
      spec: {},
      expected: [],
    },
    {
      reason: 'AWS: a role that the provider itself assumes',
      cloud: clouds.aws,
      kind: 'AWSClusterRoleIdentity',
      spec: { sourceIdentityRef: { kind: 'AWSClusterControllerIdentity', name: 'default' } },
      expected: [{ apiVersion: AWS, kind: 'AWSClusterControllerIdentity', name: 'default' }],
    },
    {
      reason: 'AWS: a Secret names nothing',
      cloud: clouds.aws,
      kind: 'Secret',
      spec: undefined,
      expected: [],
    },
  ])('$reason', ({ cloud, kind, spec, expected }) => {
    const object = { apiVersion: AWS, kind, metadata: { name: 'x' }, spec };

    expect(cloud.credentialsNamedBy?.(object)).toEqual(expected);
  });
});
