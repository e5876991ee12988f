import { join } from 'node:path';
import { pinnedModulePath } from '@managed-cluster/toolchain';
import type { KubeObject } from '../../lib/core/object.ts';
import { isCrd, withoutConversion } from './edits.ts';
import { kustomized, type KustomizeOptions } from './manifests.ts';

/** ForeignProvider is a provider whose objects we generate, but whose controllers do not run. */
export interface ForeignProvider {
  /** Go module of the provider's repository. */
  readonly path: string;
  readonly version: string;
  /** Its hash as in a go.sum, from `go mod download -json <path>@<version>`. */
  readonly sum: string;
  /** Kustomize folder of the CRDs: it adds the contract labels that core resolves references by. */
  readonly folder: string;
}

/** The third-party providers by their clusterctl names; versions as in facts/providers.md 0. */
export const FOREIGN_PROVIDERS = {
  aws: {
    path: 'sigs.k8s.io/cluster-api-provider-aws/v2',
    version: 'v2.11.1',
    sum: 'h1:Z/H2UtjE9frE2syrDksLZy4ouvz8CaUZk4HoVDUgSbE=',
    folder: 'config/crd',
  },
  gcp: {
    path: 'sigs.k8s.io/cluster-api-provider-gcp',
    version: 'v1.12.0',
    sum: 'h1:RFdAxck4j62e320n8uUbFcro4zxdYZnTWj0mAHZ+CFo=',
    folder: 'config/crd',
  },
  vsphere: {
    path: 'sigs.k8s.io/cluster-api-provider-vsphere',
    version: 'v1.16.1',
    sum: 'h1:6fN9Df5EBtxzI5546L4kzevCyE/wM9qWv8ZS+iAU9f8=',
    folder: 'config/default/crd',
  },
} as const satisfies Readonly<Record<string, ForeignProvider>>;

/** ForeignProviderName is a key of {@link FOREIGN_PROVIDERS}. */
export type ForeignProviderName = keyof typeof FOREIGN_PROVIDERS;

/**
 * The released CRDs of a third-party provider without conversion webhooks, which do not run; for
 * `applyCrds`. Go downloads the provider's module (a few MB) if it is missing.
 */
export async function foreignCrds(
  provider: ForeignProviderName,
  options: Pick<KustomizeOptions, 'kubectl' | 'cache'>,
): Promise<readonly KubeObject[]> {
  const spec: ForeignProvider = FOREIGN_PROVIDERS[provider];
  const folder = join(await pinnedModulePath(spec, options.cache), spec.folder);
  const [objects = []] = await kustomized(provider, [folder], options);
  return objects.filter(isCrd).map(withoutConversion);
}
