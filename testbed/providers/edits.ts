import type { KubeObject } from '../../lib/core/object.ts';

/** Label by which `clusterctl move` finds the CRDs whose objects it moves. */
export const MOVE_LABEL = 'clusterctl.cluster.x-k8s.io';

/** ServingCertificate is what a cert-manager Certificate asks for. */
export interface ServingCertificate {
  readonly namespace: string;
  readonly secretName: string;
  readonly dnsNames: readonly string[];
}

/** ClientConfig as in webhook configurations and CRD conversion. */
interface ClientConfig {
  readonly service?: unknown;
  readonly caBundle?: string;
}

interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly { readonly clientConfig: ClientConfig }[];
}

interface Certificate extends KubeObject {
  readonly spec: Pick<ServingCertificate, 'secretName' | 'dnsNames'>;
}

interface CustomResourceDefinition extends KubeObject {
  readonly spec: {
    readonly conversion?: { readonly webhook?: { readonly clientConfig?: ClientConfig } };
  };
}

interface Deployment extends KubeObject {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly args?: readonly string[] }[] };
    };
  };
}

/**
 * Replaces `${NAME:=default}` and `${NAME}` as clusterctl does when it publishes a provider; a
 * variable without value and default is an error.
 */
export function substitute(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(
    /\$\{([A-Z0-9_]+)(?::?=([^}]*))?\}/g,
    (_match, name: string, fallback: string | undefined) => {
      const value = variables[name] ?? fallback;
      if (value === undefined) throw new Error(`cannot render the manifests: ${name} has no value`);
      return value;
    },
  );
}

/** The certificates requested from cert-manager. */
export function certificatesOf(objects: readonly KubeObject[]): readonly ServingCertificate[] {
  return objects.filter(isCertificate).map(({ metadata, spec }) => ({
    namespace: metadata.namespace ?? 'default',
    secretName: spec.secretName,
    dnsNames: spec.dnsNames,
  }));
}

/** Without the objects that only cert-manager understands. */
export function withoutCertManager(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.filter(({ apiVersion }) => !apiVersion.startsWith('cert-manager.io/'));
}

/**
 * With the authority (PEM) wherever the API server dials a Service: in webhook configurations and in
 * the conversion of CRDs. All else stays, such as the schema of ExtensionConfig, which has a property
 * `clientConfig` with a property `service`.
 */
export function withAuthority(object: KubeObject, authority: string): KubeObject {
  const caBundle = Buffer.from(authority).toString('base64');
  if (isWebhookConfiguration(object)) {
    const webhooks = object.webhooks?.map((webhook) => ({
      ...webhook,
      clientConfig: trusting(webhook.clientConfig, caBundle),
    }));
    return { ...object, webhooks };
  }
  if (!isCrd(object)) return object;
  const { conversion } = object.spec;
  const clientConfig = conversion?.webhook?.clientConfig;
  if (clientConfig === undefined) return object;
  const webhook = { ...conversion?.webhook, clientConfig: trusting(clientConfig, caBundle) };
  return { ...object, spec: { ...object.spec, conversion: { ...conversion, webhook } } };
}

/** With the label by which `clusterctl move` discovers, as clusterctl and the operator put it on. */
export function withMoveLabel(object: KubeObject): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: { ...metadata, labels: { [MOVE_LABEL]: '', ...metadata.labels } },
  };
}

/** Adds an argument to the only container of a Deployment; other kinds are unchanged. */
export function withArgument(object: KubeObject, argument: string): KubeObject {
  if (!isDeployment(object)) return object;
  const { template } = object.spec;
  const containers = template.spec.containers.map((container) => ({
    ...container,
    args: [...(container.args ?? []), argument],
  }));
  const podSpec = { ...template.spec, containers };
  return { ...object, spec: { ...object.spec, template: { ...template, spec: podSpec } } };
}

/** Removes conversion from a CRD whose controllers do not run. Other kinds are unchanged. */
export function withoutConversion(object: KubeObject): KubeObject {
  if (!isCrd(object)) return object;
  return { ...object, spec: { ...object.spec, conversion: { strategy: 'None' } } };
}

/** Whether the object is a CRD. */
export function isCrd(object: KubeObject): object is CustomResourceDefinition {
  return object.kind === 'CustomResourceDefinition';
}

/** Whether the object is a Deployment. */
export function isDeployment(object: KubeObject): object is Deployment {
  return object.kind === 'Deployment';
}

function isCertificate(object: KubeObject): object is Certificate {
  return object.kind === 'Certificate' && object.apiVersion.startsWith('cert-manager.io/');
}

function isWebhookConfiguration(object: KubeObject): object is WebhookConfiguration {
  return object.apiVersion.startsWith('admissionregistration.k8s.io/');
}

function trusting(clientConfig: ClientConfig, caBundle: string): ClientConfig {
  return clientConfig.service === undefined ? clientConfig : { ...clientConfig, caBundle };
}
