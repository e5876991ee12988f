import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modulePath, requiredVersion, wrapperModule } from '@managed-cluster/toolchain';
import type { KubeObject } from '../../lib/core/object.ts';
import { parseObjects } from '../../lib/program/manifests.ts';
import {
  createAuthority,
  issueCertificate,
  type CertificateAuthority,
} from '../pki/certificate.ts';
import {
  certificatesOf,
  isCrd,
  MOVE_LABEL,
  withArgument,
  withAuthority,
  withMoveLabel,
  withoutCertManager,
  type ServingCertificate,
} from './edits.ts';
import { kustomized, type KustomizeOptions } from './manifests.ts';
import {
  CAPI_MODULE,
  CAPI_PROVIDERS,
  INVENTORY_CRD,
  VARIABLES,
  type CapiProvider,
} from './table.ts';

/** RenderedProviders are the objects of all providers, ready to be applied to any site of a world. */
export interface RenderedProviders {
  /** The CRDs, which must be established before the rest. */
  readonly crds: readonly KubeObject[];
  /** All else, in no order. */
  readonly objects: readonly KubeObject[];
}

/** RenderOptions are the options to render the manifests. */
export interface RenderOptions extends Pick<KustomizeOptions, 'kubectl' | 'cache'> {
  /**
   * What reconciles the objects of the Dev provider: by default the pretend cloud of the world (its manager
   * then serves only webhooks and conversion), or the manager itself.
   */
  readonly infrastructure?: 'pretend-cloud' | 'manager';
  /** In place of {@link VARIABLES}; what is not named keeps the default of the manifests. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * The unmodified manifests of Cluster API's providers with the edits of facts/e2e.md 4: our own
 * serving certificates (new ones at each call) in place of cert-manager, and what clusterctl adds.
 */
export async function renderProviders(options: RenderOptions): Promise<RenderedProviders> {
  const folders = await Promise.all(
    CAPI_PROVIDERS.map(async ({ module, folder }) =>
      join(await modulePath('capi', module, options.cache), folder, 'config', 'default'),
    ),
  );
  const rendered = await kustomized('capi', folders, {
    ...options,
    variables: options.variables ?? VARIABLES,
  });
  const version = requiredVersion(wrapperModule('capi').goMod, CAPI_MODULE);
  const authority = await createAuthority('webhooks');
  const own = await Promise.all(
    CAPI_PROVIDERS.map(async (provider, index) => [
      ...(await providerObjects(provider, rendered[index] ?? [], authority)),
      inventoryObject(provider, version),
    ]),
  );
  const objects = own.flat();
  const stays = options.infrastructure === 'manager';
  const edited = stays ? objects : objects.map(withWebhooksOnly);
  return {
    crds: [await inventoryCrd(options.cache), ...edited.filter(isCrd)],
    objects: edited.filter((object) => !isCrd(object)),
  };
}

/** The objects of one provider, with our certificates. */
export async function providerObjects(
  { name }: CapiProvider,
  objects: readonly KubeObject[],
  authority: CertificateAuthority,
): Promise<readonly KubeObject[]> {
  const secrets = await Promise.all(
    certificatesOf(objects).map((asked) => servingSecret(asked, name, authority)),
  );
  return [...withoutCertManager(objects), ...secrets]
    .map((object) => withAuthority(object, authority.certificate))
    .map(withMoveLabel);
}

async function servingSecret(
  { namespace, secretName, dnsNames }: ServingCertificate,
  provider: string,
  authority: CertificateAuthority,
): Promise<KubeObject> {
  const [commonName = secretName] = dnsNames;
  const pair = await issueCertificate(authority, { commonName, dnsNames, usages: ['serverAuth'] });
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: secretName,
      namespace,
      labels: { 'cluster.x-k8s.io/provider': provider },
    },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': base64(pair.certificate), 'tls.key': base64(pair.privateKey) },
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The inventory object that clusterctl creates for each provider, and reads before a move. */
function inventoryObject(provider: CapiProvider, version: string): KubeObject {
  const { name, namespace, providerName, type } = provider;
  return {
    apiVersion: 'clusterctl.cluster.x-k8s.io/v1alpha3',
    kind: 'Provider',
    metadata: {
      name,
      namespace,
      labels: {
        [MOVE_LABEL]: '',
        'cluster.x-k8s.io/provider': name,
        'clusterctl.cluster.x-k8s.io/core': 'inventory',
      },
    },
    providerName,
    type,
    version,
  };
}

async function inventoryCrd(cache: string | undefined): Promise<KubeObject> {
  const file = join(await modulePath('capi', CAPI_MODULE, cache), INVENTORY_CRD);
  const [crd] = parseObjects(readFileSync(file, 'utf8'));
  if (crd === undefined) throw new Error(`cannot read the inventory CRD: ${file} is empty`);
  return withMoveLabel(crd);
}

/** No object carries the watch label with this value, so the manager reconciles none. */
function withWebhooksOnly(object: KubeObject): KubeObject {
  const isDev = object.metadata.namespace === 'capd-system';
  return isDev ? withArgument(object, '--watch-filter=none') : object;
}
