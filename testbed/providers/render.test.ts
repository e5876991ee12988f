import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { parseObjects } from '../../lib/program/manifests.ts';
import { createAuthority } from '../pki/certificate.ts';
import { providerObjects } from './render.ts';
import { CAPI_PROVIDERS, imageMap } from './table.ts';

const [CORE] = CAPI_PROVIDERS;

const OBJECTS = parseObjects(`
apiVersion: v1
kind: Namespace
metadata: {name: capi-system}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: serving, namespace: capi-system}
spec: {dnsNames: [svc.capi-system.svc], issuerRef: {name: i}, secretName: svc-cert}
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: i, namespace: capi-system}
spec: {selfSigned: {}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: hooks}
webhooks: [{name: a, clientConfig: {service: {name: svc, namespace: capi-system}}}]
`);

describe('providerObjects', () => {
  let objects: readonly KubeObject[] = [];

  beforeAll(async () => {
    if (CORE !== undefined) {
      objects = await providerObjects(CORE, OBJECTS, await createAuthority('test'));
    }
  });

  it('replaces cert-manager and labels everything', () => {
    expect(objects.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'MutatingWebhookConfiguration',
      'Secret',
    ]);
    for (const { metadata } of objects) {
      expect(metadata.labels).toHaveProperty(['clusterctl.cluster.x-k8s.io'], '');
    }
  });

  it('issues a certificate that the authority in the webhook vouches for', () => {
    const [, hooks, secret] = objects;
    expect(secret).toMatchObject({
      metadata: { name: 'svc-cert', namespace: 'capi-system' },
      type: 'kubernetes.io/tls',
    });
    const { data } = secret as unknown as { readonly data: Readonly<Record<string, string>> };
    const { webhooks } = hooks as unknown as {
      readonly webhooks: readonly { readonly clientConfig: { readonly caBundle: string } }[];
    };
    const issuer = new X509Certificate(
      Buffer.from(webhooks[0]?.clientConfig.caBundle ?? '', 'base64'),
    );
    const certificate = new X509Certificate(Buffer.from(data['tls.crt'] ?? '', 'base64'));
    expect(certificate.verify(issuer.publicKey)).toBe(true);
    expect(certificate.subjectAltName).toBe('DNS:svc.capi-system.svc');
  });
});

describe('imageMap', () => {
  const binaries = Object.fromEntries(
    CAPI_PROVIDERS.map(({ binary }) => [binary, `/bin/${binary}`]),
  );

  it('has a program for the image of each provider', () => {
    const map = imageMap(binaries);
    expect(Object.keys(map)).toHaveLength(CAPI_PROVIDERS.length);
    expect(map['gcr.io/k8s-staging-cluster-api/capd-manager']).toEqual({
      bin: '/bin/capi-dev',
      at: '/manager',
    });
  });

  it('refuses when a program is missing', () => {
    expect(() => imageMap({ ...binaries, 'capi-dev': undefined as unknown as string })).toThrow(
      /capi-dev/,
    );
  });
});
