import { type KubeObject, isRecord, recordIn } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import { type Fields, listIn, podSpecOf, textIn } from './json.ts';
import { PROVIDER_LABEL } from './provider-copy.ts';

/** Serving is a certificate that a provider uses to serve its webhooks. */
export interface Serving {
  readonly provider: string;
  readonly namespace: string;
  /** The Secret that the Deployment mounts. */
  readonly secretName: string;
  /** The DNS names that the API server connects to. */
  readonly dnsNames: readonly string[];
}

/** The default certificate directory of controller-runtime. */
const DEFAULT_FOLDER = '/tmp/k8s-webhook-server/serving-certs';

/**
 * servingsOf finds the certificates that providers need: for each Service that webhooks or conversions
 * refer to, the Deployment that it selects and the Secret that this Deployment mounts for its webhook
 * server.
 */
export function servingsOf(objects: readonly KubeObject[]): readonly Serving[] {
  const dialled = new Set(objects.flatMap(servicesDialled));
  const services = objects.filter(
    ({ kind, metadata }) =>
      kind === 'Service' && dialled.has(`${metadata.namespace}/${metadata.name}`),
  );
  const found = services.flatMap((service) => servingOf(service, objects));
  return merged(found).toSorted((a, b) => compareText(a.secretName, b.secretName));
}

/**
 * withAuthority returns a webhook configuration or CRD with the CA bundle (PEM in base64) set for its
 * Services.
 */
export function withAuthority(object: KubeObject, caBundle: string): KubeObject {
  if (object.apiVersion.startsWith('admissionregistration.k8s.io/')) {
    const webhooks = listIn(object, 'webhooks').map((webhook) => ({
      ...webhook,
      clientConfig: trusting(webhook['clientConfig'], caBundle),
    }));
    return { ...object, webhooks };
  }
  const spec = recordIn(object, 'spec');
  const conversion = recordIn(spec, 'conversion');
  const webhook = recordIn(conversion, 'webhook');
  if (object.kind !== 'CustomResourceDefinition' || webhook === undefined) return object;
  const clientConfig = trusting(webhook['clientConfig'], caBundle);
  return {
    ...object,
    spec: { ...spec, conversion: { ...conversion, webhook: { ...webhook, clientConfig } } },
  };
}

/** trustsOnly reports whether every Service reference has exactly this CA bundle. */
export function trustsOnly(objects: readonly KubeObject[], caBundle: string): boolean {
  const configs = objects.flatMap(clientConfigsOf);
  return configs.every(
    (config) =>
      recordIn(config, 'service') === undefined || textIn(config, 'caBundle') === caBundle,
  );
}

function servingOf(service: KubeObject, objects: readonly KubeObject[]): readonly Serving[] {
  const { namespace = '', name = '', labels } = service.metadata;
  const selector = recordIn(recordIn(service, 'spec'), 'selector') ?? {};
  const deployment = objects.find(
    (object) =>
      object.kind === 'Deployment' &&
      object.metadata.namespace === namespace &&
      selects(selector, object),
  );
  const secretName = deployment === undefined ? undefined : servingSecret(deployment);
  if (secretName === undefined) return [];
  const dnsNames = [`${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`];
  return [{ provider: labels?.[PROVIDER_LABEL] ?? '', namespace, secretName, dnsNames }];
}

function servicesDialled(object: KubeObject): readonly string[] {
  return clientConfigsOf(object).flatMap((config) => {
    const service = recordIn(config, 'service');
    return service === undefined
      ? []
      : [`${String(service['namespace'])}/${String(service['name'])}`];
  });
}

function clientConfigsOf(object: KubeObject): readonly unknown[] {
  if (object.apiVersion.startsWith('admissionregistration.k8s.io/')) {
    return listIn(object, 'webhooks').map((webhook) => webhook['clientConfig']);
  }
  const conversion = recordIn(recordIn(object, 'spec'), 'conversion');
  return [recordIn(conversion, 'webhook')?.['clientConfig']];
}

function selects(selector: Fields, deployment: KubeObject): boolean {
  const template = recordIn(recordIn(deployment, 'spec'), 'template');
  const labels = recordIn(recordIn(template, 'metadata'), 'labels') ?? {};
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

function servingSecret(deployment: KubeObject): string | undefined {
  const podSpec = podSpecOf(deployment);
  const containers = listIn(podSpec, 'containers');
  const folders = containers.map(certificateFolder);
  const mounts = containers.flatMap((container) => listIn(container, 'volumeMounts'));
  const mount = mounts.find(({ mountPath }) => folders.some((folder) => folder === mountPath));
  const volume = listIn(podSpec, 'volumes').find(({ name }) => name === mount?.['name']);
  return textIn(recordIn(volume, 'secret'), 'secretName');
}

function certificateFolder(container: Fields): string {
  const flag = texts(container['args']).find((arg) => arg.startsWith('--webhook-cert-dir='));
  return flag?.slice(flag.indexOf('=') + 1) ?? DEFAULT_FOLDER;
}

function merged(servings: readonly Serving[]): readonly Serving[] {
  const bySecret = new Map<string, Serving>();
  for (const serving of servings) {
    const key = `${serving.namespace}/${serving.secretName}`;
    const known = bySecret.get(key);
    const dnsNames = [...(known?.dnsNames ?? []), ...serving.dnsNames];
    bySecret.set(key, { ...serving, dnsNames });
  }
  return [...bySecret.values()];
}

function trusting(clientConfig: unknown, caBundle: string): unknown {
  if (!isRecord(clientConfig) || recordIn(clientConfig, 'service') === undefined) {
    return clientConfig;
  }
  return { ...clientConfig, caBundle };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
