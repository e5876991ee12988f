import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import type { Cloud } from '../cloud.ts';
import { clouds } from './index.ts';

const NAMESPACE: KubeObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'team-a', labels: { tier: 'gold', 'kubernetes.io/metadata.name': 'team-a' } },
};
const GOLD = { matchLabels: { tier: 'gold' } };
const LEAD = { matchLabels: { tier: 'lead' } };

function identity(kind: string, allowedNamespaces?: unknown): KubeObject {
  return {
    apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
    kind,
    metadata: { name: 'account' },
    spec: { secretRef: 'keys', ...(allowedNamespaces === undefined ? {} : { allowedNamespaces }) },
  };
}

function allowedIn(cloud: Cloud, object: KubeObject): unknown {
  const found = cloud.identityFor?.(object, NAMESPACE);
  return found === undefined ? 'refused' : Object(found['spec']).allowedNamespaces;
}

describe('identityFor: AWS', () => {
  const listed = { list: ['other', 'team-a'], selector: LEAD };

  it.each<{ reason: string; allowed: unknown; want: unknown }>([
    { reason: 'absent: no namespace', allowed: undefined, want: 'refused' },
    { reason: 'null: no namespace', allowed: null, want: 'refused' },
    { reason: 'empty: everybody', allowed: {}, want: {} },
    {
      reason: 'empty, as CAPA writes it: everybody',
      allowed: { list: null, selector: {} },
      want: { list: null, selector: {} },
    },
    { reason: 'an empty list: no namespace', allowed: { list: [], selector: {} }, want: 'refused' },
    {
      reason: 'an explicit empty selector: no namespace',
      allowed: { selector: { matchLabels: {} } },
      want: 'refused',
    },
    { reason: 'listed, whatever is selected', allowed: listed, want: listed },
    { reason: 'another one listed', allowed: { list: ['other'] }, want: 'refused' },
    {
      reason: 'selected: narrowed to its name',
      allowed: { list: ['other'], selector: GOLD },
      want: { list: ['team-a'] },
    },
    { reason: 'not selected', allowed: { selector: LEAD }, want: 'refused' },
  ])('$reason', ({ allowed, want }) => {
    const kinds = [
      'AWSClusterRoleIdentity',
      'AWSClusterStaticIdentity',
      'AWSClusterControllerIdentity',
    ];
    for (const kind of kinds) expect(allowedIn(clouds.aws, identity(kind, allowed))).toEqual(want);
  });
});

describe('identityFor: vSphere', () => {
  it.each<{ reason: string; allowed: unknown; want: unknown }>([
    { reason: 'absent: no namespace', allowed: undefined, want: 'refused' },
    { reason: 'empty: everybody', allowed: {}, want: {} },
    { reason: 'an empty selector: everybody', allowed: { selector: {} }, want: { selector: {} } },
    {
      reason: 'selected: narrowed to its name',
      allowed: { selector: GOLD },
      want: { selector: { matchLabels: { 'kubernetes.io/metadata.name': 'team-a' } } },
    },
    { reason: 'not selected', allowed: { selector: LEAD }, want: 'refused' },
  ])('$reason', ({ allowed, want }) => {
    expect(allowedIn(clouds.vsphere, identity('VSphereClusterIdentity', allowed))).toEqual(want);
  });
});

it.each([clouds.aws, clouds.vsphere])('a Secret is what its namespace makes it', (cloud) => {
  const secret = identity('Secret');

  expect(cloud.identityFor?.(secret, NAMESPACE)).toBe(secret);
});
