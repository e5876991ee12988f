import type { KubeObject } from '../../lib/core/object.ts';
import { compareText } from '../../lib/core/order.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { COPIED_KINDS, CRD } from '../core/installation/provider-copy.ts';
import { type Kept, keptBack } from '../core/installation/provider-versions.ts';
import { ofProviders, providerOf } from '../core/installation/providers.ts';
import { fullName } from '../core/installation/json.ts';
import { beyondRestricted } from '../core/installation/pod-rights.ts';
import { kindsIn, providersFor } from '../core/installation/selection.ts';
import { inventoryOf } from './apply.ts';
import { ALWAYS_NEEDED } from './cluster-objects.ts';
import type { ProviderBundle } from './provider-bundle.ts';
import { ProviderRefusedError } from './provider-refusal.ts';

/** SelectedProviders are the providers that a cluster needs, as they are to be installed. */
export interface SelectedProviders {
  /** Names, as in their labels. */
  readonly names: readonly string[];
  readonly crds: readonly KubeObject[];
  readonly objects: readonly KubeObject[];
  /** Providers that keep their version in the cluster instead of following the management side. */
  readonly kept: readonly Kept[];
}

function isCrd({ kind }: KubeObject): boolean {
  return kind === CRD.kind;
}

/** Kinds that show the version of a provider. */
const TELLING = COPIED_KINDS.filter(({ kind }) => ['Deployment', 'Provider'].includes(kind));

/**
 * selectProviders selects from the bundle of the management side what a cluster needs. Fails with a message
 * if a provider is missing or incomplete: an upgrade that deletes and recreates it may be in progress. Only the
 * Pods of `privileged` providers can have more permissions than usual.
 */
export function selectProviders(
  { crds, objects, strays }: ProviderBundle,
  ofCluster: readonly KubeObject[],
  privileged: readonly string[],
): SelectedProviders {
  if (ofCluster.length === 0) {
    throw new Error('cannot select providers: the Cluster exists on neither side');
  }
  const names = providersFor([...kindsIn(ofCluster), ...ALWAYS_NEEDED], crds);
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  const away = names.filter((name) => ofProviders(deployments, [name]).length === 0);
  const outside = strays.filter(({ provider }) => away.includes(provider));
  if (outside.length > 0) throw notTrusted(outside);
  if (away.length > 0) {
    throw new Error(
      `cannot copy providers: the management side has no Deployment with the label cluster.x-k8s.io/provider: ${away.join(' or ')}; install Cluster API with clusterctl or the operator, or wait until its upgrade is finished`,
    );
  }
  const chosen = ofProviders(deployments, names);
  const [beyond] = chosen.flatMap((one) => notRestricted(one, privileged) ?? []);
  if (beyond !== undefined) throw beyond;
  // The CRD of the inventory belongs to no provider.
  const wanted = crds.filter((crd) => providerOf(crd) === '' || names.includes(providerOf(crd)));
  return {
    names,
    crds: wanted.toSorted((a, b) => compareText(a.metadata.name ?? '', b.metadata.name ?? '')),
    objects: ofProviders(objects, names),
    kept: [],
  };
}

function notTrusted(
  strays: readonly { readonly name: string; readonly provider: string }[],
): ProviderRefusedError {
  const names = strays.map(({ name, provider }) => `${name} (${provider})`).join(', ');
  return new ProviderRefusedError(
    'ProviderNotTrusted',
    `cannot copy providers: these Deployments have a provider label, but they are not in a namespace of that provider: ${names}; if an administrator installed them, add the label cluster.x-k8s.io/provider to their Namespace, or list all namespaces of providers in the flag --provider-namespaces of the provider managed-cluster`,
  );
}

function notRestricted(
  deployment: KubeObject,
  privileged: readonly string[],
): ProviderRefusedError | undefined {
  const provider = providerOf(deployment);
  const beyond = privileged.includes(provider) ? [] : beyondRestricted(deployment);
  return beyond.length === 0
    ? undefined
    : new ProviderRefusedError(
        'ProviderNotRestricted',
        `cannot copy provider ${provider}: the Pods of Deployment ${fullName(deployment)} ask for more than the Pod security standard restricted allows (${beyond.join(', ')}); if every cluster may run such Pods, add ${provider} to the flag --privileged-providers of the provider managed-cluster`,
      );
}

/**
 * withKept takes the objects of providers that keep their version from the cluster itself: their
 * certificates are still maintained.
 */
export async function withKept(
  api: KubeApi,
  selected: SelectedProviders,
  { cluster, pauseUpgrades }: { readonly cluster: string; readonly pauseUpgrades: boolean },
): Promise<SelectedProviders> {
  const { names, crds, objects } = selected;
  const telling = [...(await inventoryOf(api, TELLING, cluster)).values()];
  const sides = { management: objects, workload: telling };
  const kept = keptBack(names, sides, pauseUpgrades);
  if (kept.length === 0) return selected;
  const keptNames = kept.map(({ name }) => name);
  const others = names.filter((name) => !keptNames.includes(name));
  const there = [...(await inventoryOf(api, [CRD, ...COPIED_KINDS], cluster)).values()];
  const own = ofProviders(there, keptNames);
  return {
    names,
    kept,
    crds: [...crds.filter((crd) => !keptNames.includes(providerOf(crd))), ...own.filter(isCrd)],
    objects: [...ofProviders(objects, others), ...own.filter((object) => !isCrd(object))],
  };
}
