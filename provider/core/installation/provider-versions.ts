import type { ProviderStatus } from '../../../lib/apis/agent-installation.generated.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { imagesOf, tagOf } from './image-mirror.ts';
import { textIn } from './json.ts';
import { ofProviders } from './providers.ts';

/** Kept is a provider that keeps its version in the cluster, and the reason. */
export interface Kept {
  readonly name: string;
  readonly why: 'UpgradesPaused' | 'NewerThanManagement';
}

/**
 * versionsOf returns the versions of providers: the version in the inventory (clusterctl), or else the tag
 * of the running image.
 */
export function versionsOf(
  providers: readonly string[],
  objects: readonly KubeObject[],
): readonly ProviderStatus[] {
  return providers.map((name) => {
    const version = versionOf(name, objects);
    return version === undefined ? { name } : { name, version };
  });
}

/**
 * keptBack returns the providers that keep their version: all whose version would change while upgrades are
 * paused, and those with an older version on the management side, because Cluster API does not support
 * downgrades (CAPI v1.14 versions.md).
 */
export function keptBack(
  providers: readonly string[],
  sides: { readonly management: readonly KubeObject[]; readonly workload: readonly KubeObject[] },
  pauseUpgrades: boolean,
): readonly Kept[] {
  return providers.flatMap((name): readonly Kept[] => {
    const [offered, installed] = [sides.management, sides.workload].map((objects) => ({
      tags: tagsOf(name, objects),
      version: versionOf(name, objects),
    }));
    if (offered === undefined || installed === undefined || installed.tags === '') return [];
    if (precedes(offered.version, installed.version)) return [{ name, why: 'NewerThanManagement' }];
    const same = offered.tags === installed.tags;
    return pauseUpgrades && !same ? [{ name, why: 'UpgradesPaused' }] : [];
  });
}

/** keptSentence tells a user which providers keep their version and why; undefined if there are none. */
export function keptSentence(kept: readonly Kept[]): string | undefined {
  const [paused, newer] = (['UpgradesPaused', 'NewerThanManagement'] as const).map((reason) =>
    kept.flatMap(({ name, why }) => (why === reason ? [name] : [])).join(', '),
  );
  const sentences = [
    ...(paused === '' ? [] : [`Upgrades are paused: ${paused} keep their current versions`]),
    ...(newer === ''
      ? []
      : [`Newer than on the management side: ${newer}; upgrade the management side`]),
  ];
  return sentences.length === 0 ? undefined : sentences.join('. ');
}

function versionOf(provider: string, objects: readonly KubeObject[]): string | undefined {
  const own = ofProviders(objects, [provider]);
  const inventory = own.find(({ kind }) => kind === 'Provider');
  const [tag = ''] = tagsOf(provider, objects).split(' ');
  return textIn(inventory, 'version') ?? (tag === '' ? undefined : tag);
}

/** The tags of all images of the Deployments of a provider, ordered by name. */
function tagsOf(provider: string, objects: readonly KubeObject[]): string {
  const deployments = ofProviders(objects, [provider]).filter(({ kind }) => kind === 'Deployment');
  const tags = deployments.flatMap(imagesOf).map((image) => tagOf(image) ?? '');
  return tags.toSorted().join(' ');
}

/** Whether version a is lower than b; false if either is not a version. */
function precedes(a: string | undefined, b: string | undefined): boolean {
  const [left, right] = [numbersIn(a), numbersIn(b)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return left.length === right.length && at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}

function numbersIn(version = ''): readonly number[] {
  const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  return found === null ? [] : found.slice(1).map(Number);
}
