import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { aCluster } from '../../capi/testing/clusters.ts';
import { aScene } from '../testing/scenes.ts';
import { checkedIdentity, IDENTITY, identityProblems, keptOf } from './identity.ts';

const TARGET = { name: 'demo', namespace: 'team-a' };
const CAPV = 'infrastructure.cluster.x-k8s.io/v1beta2';
const SERVERS = 'managedcluster.io/allowed-servers';

type Cloud = 'vsphere' | 'gcp' | 'aws' | 'docker';

function specOf(cloud: Cloud, identityRef?: { readonly kind?: string; readonly name: string }) {
  const { spec } = aCluster(cloud);
  return identityRef === undefined ? spec : { ...spec, cloud: { ...spec.cloud, identityRef } };
}

function withoutIdentity(cloud: Cloud) {
  const spec = specOf(cloud);
  const { identityRef: _none, ...rest } = spec.cloud;
  return { ...spec, cloud: rest };
}

function secret(annotations: Readonly<Record<string, string>>, type = 'Opaque'): KubeObject {
  const metadata = { namespace: 'team-a', name: 'vcenter', annotations };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type };
}

function problemsOf(spec: ReturnType<typeof specOf>, ...there: readonly KubeObject[]) {
  const { observed } = aScene().answer(IDENTITY, ...there);
  return identityProblems(spec, TARGET, observed);
}

describe('keptOf', () => {
  it('is a Secret without its credentials', () => {
    const given = { ...secret({}), data: { password: 'aHVudGVyMg==' } };
    expect(keptOf(IDENTITY, given)).toEqual(secret({}));
    expect(keptOf('ssh-keys', given)).toBe(given);
  });
});

describe('checkedIdentity', () => {
  it.each<{ reason: string; spec: ReturnType<typeof specOf>; want: unknown }>([
    {
      reason: 'a Secret',
      spec: specOf('gcp', { name: 'account' }),
      want: { apiVersion: 'v1', kind: 'Secret', namespace: 'team-a', name: 'account' },
    },
    {
      reason: 'an identity whose password goes to a server of the claim',
      spec: specOf('vsphere', { kind: 'VSphereClusterIdentity', name: 'dc1' }),
      want: { apiVersion: CAPV, kind: 'VSphereClusterIdentity', name: 'dc1' },
    },
    {
      reason: 'no identity of AWS, whose servers no claim names',
      spec: specOf('aws', { kind: 'AWSClusterRoleIdentity', name: 'account-1' }),
      want: undefined,
    },
    {
      reason:
        'the Secret of CAPV itself without a reference: it logs in with that at the server of the claim',
      spec: withoutIdentity('vsphere'),
      want: {
        apiVersion: 'v1',
        kind: 'Secret',
        namespace: 'capv-system',
        name: 'capv-manager-bootstrap-credentials',
      },
    },
    { reason: 'nothing without a reference', spec: specOf('docker'), want: undefined },
  ])('is $reason', ({ spec, want }) => {
    expect(checkedIdentity(spec, TARGET)).toEqual(want);
  });
});

describe('identityProblems', () => {
  const spec = specOf('vsphere', { kind: 'Secret', name: 'vcenter' });
  const server = spec.cloud.vsphere?.server ?? '';

  it('has none for a Secret that allows cluster and server', () => {
    const allowed = secret({ 'managedcluster.io/usable-by': 'demo', [SERVERS]: server });
    expect(problemsOf(spec, allowed)).toEqual([]);
  });

  it('sends the password of CAPV itself only to a server that its owner allows', () => {
    const without = withoutIdentity('vsphere');
    const own = { namespace: 'capv-system', name: 'capv-manager-bootstrap-credentials' };
    function ownSecret(annotations: Readonly<Record<string, string>>): KubeObject {
      return {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { ...own, annotations },
        type: 'Opaque',
      };
    }
    expect(problemsOf(without, ownSecret({}))).toEqual([
      expect.objectContaining({
        reason: 'ServerNotAllowed',
        message: expect.stringContaining(
          `kubectl -n capv-system annotate secret ${own.name} ${SERVERS}='${server}' --overwrite`,
        ),
      }),
    ]);
    expect(problemsOf(without, ownSecret({ [SERVERS]: server }))).toEqual([]);
    expect(problemsOf(without)).toEqual([
      expect.objectContaining({
        reason: 'IdentityNotFound',
        message: expect.stringContaining('refer to an identity'),
      }),
    ]);
  });

  it.each<{ reason: string; there: readonly KubeObject[]; reasons: readonly string[] }>([
    { reason: 'it does not exist', there: [], reasons: ['IdentityNotFound'] },
    {
      reason: 'it is the Secret of somebody else, and its password would go to the author',
      there: [secret({})],
      reasons: ['SecretNotAllowed', 'ServerNotAllowed'],
    },
    {
      reason: 'the author names a server of their own',
      there: [secret({ 'managedcluster.io/usable-by': '*', [SERVERS]: 'other.example.org' })],
      reasons: ['ServerNotAllowed'],
    },
    {
      reason: 'it is a key of Cluster API',
      there: [
        secret(
          { 'managedcluster.io/usable-by': '*', [SERVERS]: server },
          'cluster.x-k8s.io/secret',
        ),
      ],
      reasons: ['SecretNotAllowed'],
    },
  ])('refuses the claim if $reason', ({ there, reasons }) => {
    const problems = problemsOf(spec, ...there);
    expect(problems.map(({ reason }) => reason)).toEqual(reasons);
    expect(problems.every(({ awaited }) => awaited)).toBe(true);
  });
});
