import { describe, expect, it } from '@jest/globals';
import { clouds } from '../../../capi/clouds/index.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { emptied, firstCredentials, mountedSecrets, placedCredential } from './credentials.ts';

const AWS = 'infrastructure.cluster.x-k8s.io/v1beta2';

describe('firstCredentials', () => {
  it.each([
    {
      reason: 'the identity of the claim',
      cloud: clouds.vsphere,
      refs: { identityRef: { name: 'wide' } },
      expected: [
        {
          source: { apiVersion: 'v1', kind: 'Secret', namespace: 'n', name: 'wide' },
          name: 'wide',
        },
      ],
    },
    {
      reason: 'the narrower one under the name of the other',
      cloud: clouds.aws,
      refs: {
        identityRef: { kind: 'AWSClusterRoleIdentity', name: 'wide' },
        workloadIdentityRef: { kind: 'AWSClusterRoleIdentity', name: 'narrow' },
      },
      expected: [
        {
          source: { apiVersion: AWS, kind: 'AWSClusterRoleIdentity', name: 'narrow' },
          name: 'wide',
        },
      ],
    },
    { reason: 'none named', cloud: clouds.gcp, refs: {}, expected: [] },
    {
      reason: 'a cloud without',
      cloud: clouds.docker,
      refs: { identityRef: { name: 'x' } },
      expected: [],
    },
  ])('$reason', ({ cloud, refs, expected }) => {
    expect(firstCredentials(cloud, refs, 'n')).toEqual(expected);
  });

  it('rejects a workload identity of another kind', () => {
    const refs = {
      identityRef: { kind: 'VSphereClusterIdentity', name: 'wide' },
      workloadIdentityRef: { kind: 'Secret', name: 'narrow' },
    };
    expect(() => firstCredentials(clouds.vsphere, refs, 'n')).toThrow(/of the same kind/);
  });
});

describe('placedCredential', () => {
  it('is the whole Secret under its name in the cluster, without owners', () => {
    const secret: KubeObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'narrow',
        namespace: 'n',
        uid: 'u',
        ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'x' }],
      },
      type: 'Opaque',
      data: { password: 'cGFzcw==' },
    };
    expect(placedCredential('demo', secret, 'wide')).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'wide', namespace: 'n', labels: { 'managedcluster.io/cluster': 'demo' } },
      type: 'Opaque',
      data: { password: 'cGFzcw==' },
    });
    expect(emptied('demo', secret)).toMatchObject({ data: { password: '' } });
  });
});

describe('mountedSecrets', () => {
  it('are those that a Pod requires to start', () => {
    const deployment: KubeObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd', namespace: 'n' },
      spec: {
        template: {
          spec: {
            containers: [
              {
                envFrom: [
                  { secretRef: { name: 'all' } },
                  { secretRef: { name: 'o', optional: true } },
                ],
                env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'one', key: 'k' } } }],
              },
            ],
            volumes: [
              { name: 'v', secret: { secretName: 'volume' } },
              { name: 'o', secret: { secretName: 'optional', optional: true } },
              { name: 'e', emptyDir: {} },
            ],
          },
        },
      },
    };
    expect(mountedSecrets([deployment]).map(({ name }) => name)).toEqual(['all', 'one', 'volume']);
  });
});
