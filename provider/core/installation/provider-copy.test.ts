import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { COPIED_KINDS, copyOf, labelledFor } from './provider-copy.ts';

function anObject(kind: string, body: Readonly<Record<string, unknown>>): KubeObject {
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name: 'a',
      namespace: 'n',
      uid: 'u',
      resourceVersion: '7',
      generation: 3,
      creationTimestamp: '2026-01-01T00:00:00Z',
      finalizers: ['f'],
      ownerReferences: [{ apiVersion: 'v1', kind: 'Owner', name: 'o', uid: 'u' }],
      managedFields: [{ manager: 'm' }],
      labels: { keep: 'me', 'kubernetes.io/metadata.name': 'n' },
      annotations: {
        keep: 'me',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
        'deployment.kubernetes.io/revision': '1',
        'cert-manager.io/inject-ca-from': 'n/c',
      },
    },
    status: { any: 'thing' },
    ...body,
  };
}

const METADATA = {
  name: 'a',
  namespace: 'n',
  labels: { keep: 'me' },
  annotations: { keep: 'me' },
};

describe('copyOf', () => {
  it.each([
    {
      reason: 'what a server fills into a Service belongs to its cluster',
      kind: 'Service',
      body: {
        spec: {
          clusterIP: '10.0.0.1',
          clusterIPs: ['10.0.0.1'],
          ipFamilies: ['IPv4'],
          ipFamilyPolicy: 'SingleStack',
          ports: [{ port: 443, nodePort: 30000 }],
          selector: { a: 'b' },
        },
      },
      expected: { spec: { ports: [{ port: 443 }], selector: { a: 'b' } } },
    },
    {
      reason: 'a headless Service stays headless',
      kind: 'Service',
      body: { spec: { clusterIP: 'None', clusterIPs: ['None'], ports: [] } },
      expected: { spec: { clusterIP: 'None', ports: [] } },
    },
    {
      reason: 'the rules of an aggregated role are written by its controller',
      kind: 'ClusterRole',
      body: { aggregationRule: { clusterRoleSelectors: [] }, rules: [{ verbs: ['*'] }] },
      expected: { aggregationRule: { clusterRoleSelectors: [] } },
    },
    {
      reason: 'the rules of any other role are copied',
      kind: 'ClusterRole',
      body: { rules: [{ verbs: ['get'] }] },
      expected: { rules: [{ verbs: ['get'] }] },
    },
    {
      reason: 'token Secrets of an account are of its cluster',
      kind: 'ServiceAccount',
      body: { secrets: [{ name: 't' }], automountServiceAccountToken: true },
      expected: { automountServiceAccountToken: true },
    },
    {
      reason: 'finalizers of a namespace',
      kind: 'Namespace',
      body: { spec: { finalizers: ['kubernetes'] } },
      expected: {},
    },
    {
      reason: 'how many run is decided where they run; a restart is no change',
      kind: 'Deployment',
      body: {
        spec: {
          replicas: 2,
          template: {
            metadata: {
              creationTimestamp: null,
              annotations: { 'kubectl.kubernetes.io/restartedAt': 'now', keep: 'me' },
            },
            spec: { containers: [] },
          },
        },
      },
      expected: {
        spec: { template: { metadata: { annotations: { keep: 'me' } }, spec: { containers: [] } } },
      },
    },
    {
      reason: 'a template without annotations gets no empty ones, which no server would keep',
      kind: 'Deployment',
      body: { spec: { template: { metadata: { labels: { a: 'b' } }, spec: {} } } },
      expected: { spec: { template: { metadata: { labels: { a: 'b' } }, spec: {} } } },
    },
  ])('$kind: $reason', ({ kind, body, expected }) => {
    const object = anObject(kind, body);
    const before = structuredClone(object);

    expect(copyOf(object)).toEqual({ apiVersion: 'v1', kind, metadata: METADATA, ...expected });
    expect(object).toEqual(before);
  });

  it('never copies Secrets or cert-manager objects', () => {
    const kinds = COPIED_KINDS.map(({ kind }) => kind);

    for (const kind of ['Secret', 'Certificate', 'Issuer']) expect(kinds).not.toContain(kind);
  });
});

describe('labelledFor', () => {
  it('keeps existing labels', () => {
    const { metadata } = labelledFor('demo', anObject('Role', {}));

    expect(metadata.labels).toMatchObject({ keep: 'me', 'managedcluster.io/cluster': 'demo' });
  });
});
