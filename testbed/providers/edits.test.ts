import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { parseObjects } from '../../lib/program/manifests.ts';
import {
  certificatesOf,
  substitute,
  withArgument,
  withAuthority,
  withMoveLabel,
  withoutCertManager,
  withoutConversion,
} from './edits.ts';

const PEM = 'an authority';
const CA_BUNDLE = Buffer.from(PEM).toString('base64');

/** The trap of facts/e2e.md 4.3 in small: a schema that looks like a webhook's configuration. */
const EXTENSION_CONFIGS = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: extensionconfigs.runtime.cluster.x-k8s.io, labels: {a: b}}
spec:
  conversion:
    strategy: Webhook
    webhook:
      clientConfig:
        service: {name: svc, namespace: ns, path: /convert}
      conversionReviewVersions: [v1]
  versions:
    - name: v1beta2
      schema:
        openAPIV3Schema:
          properties:
            clientConfig:
              properties:
                service: {type: object}
`;

const WEBHOOKS = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: hooks}
webhooks:
  - name: by-service
    clientConfig:
      service: {name: svc, namespace: ns, path: /validate}
    failurePolicy: Fail
  - name: by-url
    clientConfig: {url: "https://example.org"}
`;

const CERTIFICATE = `
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: serving, namespace: ns}
spec:
  dnsNames: [svc.ns.svc, svc.ns.svc.cluster.local]
  issuerRef: {kind: Issuer, name: selfsigned}
  secretName: svc-cert
`;

const ISSUER = `
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: selfsigned, namespace: ns}
spec: {selfSigned: {}}
`;

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: manager, namespace: ns}
spec:
  replicas: 1
  template:
    metadata: {labels: {app: manager}}
    spec:
      containers: [{name: manager, args: [--leader-elect]}]
      serviceAccountName: manager
`;

function parse(text: string): KubeObject {
  const [object] = parseObjects(text);
  if (object === undefined) throw new Error('the test has no object');
  return object;
}

describe('substitute', () => {
  it.each<[string, Readonly<Record<string, string>>, string, string]>([
    ['${A:=x}', {}, 'x', 'the default'],
    ['${A:=x}', { A: 'y' }, 'y', 'the value wins'],
    ['${A=x} ${B}', { B: 'z' }, 'x z', 'other forms'],
    ['--address=${A:=:8443},', {}, '--address=:8443,', 'a default with a colon'],
    ['value: ${A:=""}', {}, 'value: ""', 'an empty default'],
    ['$(NODE) ${lower}', {}, '$(NODE) ${lower}', 'what Kubernetes or a shell means'],
  ])('%s with %j is %s: %s', (text, variables, expected) => {
    expect(substitute(text, variables)).toBe(expected);
  });

  it('refuses a variable without a value', () => {
    expect(() => substitute('${SECRET}', {})).toThrow(/SECRET/);
  });
});

describe('standing in for cert-manager', () => {
  const objects = [CERTIFICATE, ISSUER, DEPLOYMENT].map(parse);

  it('drops what only cert-manager understands', () => {
    expect(withoutCertManager(objects).map(({ kind }) => kind)).toEqual(['Deployment']);
  });

  it('reads what is asked for', () => {
    expect(certificatesOf(objects)).toEqual([
      {
        namespace: 'ns',
        secretName: 'svc-cert',
        dnsNames: ['svc.ns.svc', 'svc.ns.svc.cluster.local'],
      },
    ]);
  });

  it('puts the authority into webhooks that are dialled by Service', () => {
    const before = parse(WEBHOOKS);
    const after = withAuthority(before, PEM);
    expect(after).toMatchObject({
      webhooks: [
        {
          name: 'by-service',
          failurePolicy: 'Fail',
          clientConfig: { service: { name: 'svc', path: '/validate' }, caBundle: CA_BUNDLE },
        },
        { name: 'by-url' },
      ],
    });
    expect(JSON.stringify(after).split('caBundle')).toHaveLength(2);
    expect(before).toEqual(parse(WEBHOOKS));
  });

  it('puts the authority into the conversion of a CRD and leaves its schema alone', () => {
    const before = parse(EXTENSION_CONFIGS);
    const after = withAuthority(before, PEM);
    expect(after).toMatchObject({
      spec: {
        conversion: {
          strategy: 'Webhook',
          webhook: {
            clientConfig: { service: { path: '/convert' }, caBundle: CA_BUNDLE },
            conversionReviewVersions: ['v1'],
          },
        },
      },
    });
    expect(after['spec']).toHaveProperty(
      'versions',
      (before['spec'] as { readonly versions: unknown }).versions,
    );
  });

  it.each([
    [
      'a CRD without conversion',
      EXTENSION_CONFIGS.replace(/ {2}conversion:[^]* {2}versions:/, '  versions:'),
    ],
    ['a Deployment', DEPLOYMENT],
  ])('leaves %s as it is', (_reason, text) => {
    expect(withAuthority(parse(text), PEM)).toEqual(parse(text));
  });
});

describe('the other edits', () => {
  it('adds the label of clusterctl move to the others', () => {
    expect(withMoveLabel(parse(EXTENSION_CONFIGS)).metadata.labels).toEqual({
      'clusterctl.cluster.x-k8s.io': '',
      a: 'b',
    });
    expect(withMoveLabel(parse(ISSUER)).metadata).toEqual({
      name: 'selfsigned',
      namespace: 'ns',
      labels: { 'clusterctl.cluster.x-k8s.io': '' },
    });
  });

  it('adds an argument to a Deployment only', () => {
    const deployment = withArgument(parse(DEPLOYMENT), '--watch-filter=none');
    expect(deployment).toEqual(
      parse(DEPLOYMENT.replace('--leader-elect', '--leader-elect, --watch-filter=none')),
    );
    expect(withArgument(parse(WEBHOOKS), '--x')).toEqual(parse(WEBHOOKS));
  });

  it('takes the conversion off a CRD', () => {
    expect(withoutConversion(parse(EXTENSION_CONFIGS))).toMatchObject({
      spec: { conversion: { strategy: 'None' }, versions: [{ name: 'v1beta2' }] },
    });
    expect(withoutConversion(parse(DEPLOYMENT))).toEqual(parse(DEPLOYMENT));
  });
});
