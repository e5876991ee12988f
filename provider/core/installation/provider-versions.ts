import type { ProviderStatus } from '../../../lib/apis/agent-installation.generated.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { imagesOf, tagOf } from './image-mirror.ts';
import { textIn } from './json.ts';
import { ofProviders } from './providers.ts';

/** Kept is a provider that stays as it is in the cluster, and why. */
export interface Kept {
  readonly name: string;
  readonly why: 'UpgradesPaused' | 'NewerThanManagement';
}

/**
 * versionsOf are the versions of providers: what the inventory says (clusterctl), or else the tag of
 * the image that runs.
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
 * keptBack are the providers that stay as they are: all that would change their version while upgrades
 * are paused, and those that the management side has in an older version, because Cluster API can't be
 * downgraded (CAPI v1.14 versions.md).
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

/** keptSentence tells a user what stays and why; undefined when nothing does. */
export function keptSentence(kept: readonly Kept[]): string | undefined {
  const [paused, newer] = (['UpgradesPaused', 'NewerThanManagement'] as const).map((reason) =>
    kept.flatMap(({ name, why }) => (why === reason ? [name] : [])).join(', '),
  );
  const sentences = [
    ...(paused === '' ? [] : [`Upgrades are paused: ${paused} stay as they are`]),
    ...(newer === '' ? [] : [`Newer than on the management side: ${newer}; upgrade that one`]),
  ];
  return sentences.length === 0 ? undefined : sentences.join('. ');
}

function versionOf(provider: string, objects: readonly KubeObject[]): string | undefined {
  const own = ofProviders(objects, [provider]);
  const inventory = own.find(({ kind }) => kind === 'Provider');
  const [tag = ''] = tagsOf(provider, objects).split(' ');
  return textIn(inventory, 'version') ?? (tag === '' ? undefined : tag);
}

/** The tags of all images of its Deployments, in order of names. */
function tagsOf(provider: string, objects: readonly KubeObject[]): string {
  const deployments = ofProviders(objects, [provider]).filter(({ kind }) => kind === 'Deployment');
  const tags = deployments.flatMap(imagesOf).map((image) => tagOf(image) ?? '');
  return tags.toSorted().join(' ');
}

/** Whether one version is lower; what is no version is not. */
function precedes(a: string | undefined, b: string | undefined): boolean {
  const [left, right] = [numbersIn(a), numbersIn(b)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return left.length === right.length && at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}

function numbersIn(version = ''): readonly number[] {
  const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  return found === null ? [] : found.slice(1).map(Number);
}
