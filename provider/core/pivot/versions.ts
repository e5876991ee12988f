import { type KubeObject, isRecord, recordIn } from '../../../lib/core/object.ts';

/** ProviderVersion is the version of a provider on one side. */
export interface ProviderVersion {
  /** Tag or digest of the running image. */
  readonly tag?: string;
  /** The version that clusterctl recorded when it installed the provider. */
  readonly inventory?: string;
}

/** ProviderVersions maps the value of the label `cluster.x-k8s.io/provider` to the version on one side. */
export type ProviderVersions = ReadonlyMap<string, ProviderVersion>;

const PROVIDER_LABEL = 'cluster.x-k8s.io/provider';

/** providerVersions reads Deployments and the clusterctl inventory if it exists. */
export function providerVersions(
  deployments: readonly KubeObject[],
  inventory: readonly KubeObject[],
): ProviderVersions {
  const versions = new Map<string, ProviderVersion>();
  for (const object of [...deployments, ...inventory]) {
    const name = object.metadata.labels?.[PROVIDER_LABEL];
    if (name === undefined) continue;
    const told = object.kind === 'Deployment' ? tagOf(object) : inventoryOf(object);
    versions.set(name, { ...versions.get(name), ...told });
  }
  return versions;
}

/**
 * versionProblem returns which provider of the target is missing or older than on the source: an older
 * provider does not know all fields and may revert what a newer one has done. Undefined if there is no
 * problem.
 */
export function versionProblem(
  source: ProviderVersions,
  target: ProviderVersions,
  providers: readonly string[],
): string | undefined {
  for (const provider of providers) {
    const [from, to] = [source.get(provider), target.get(provider)];
    if (from === undefined) continue;
    if (to === undefined) return `provider ${provider} is not installed on the target`;
    const order = compare(from, to);
    if (order === 'Unknown') {
      return `provider ${provider} is ${textOf(from)} on the source and ${textOf(to)} on the target, which cannot be compared: install the same image`;
    }
    if (order === 'Older') {
      return `provider ${provider} is ${textOf(to)} on the target, older than ${textOf(from)} on the source: upgrade it first`;
    }
  }
  return undefined;
}

function compare(from: ProviderVersion, to: ProviderVersion): 'Fine' | 'Older' | 'Unknown' {
  if (from.tag !== undefined && from.tag === to.tag) return 'Fine';
  const [a, b] = [numbersOf(from), numbersOf(to)];
  if (a === undefined || b === undefined) return 'Unknown';
  for (const [index, number] of a.entries()) {
    const other = b[index] ?? 0;
    if (other !== number) return other > number ? 'Fine' : 'Older';
  }
  return 'Fine';
}

/** Major, minor, patch; a pre-release counts as the release. */
function numbersOf({ tag, inventory }: ProviderVersion): readonly number[] | undefined {
  for (const text of [tag, inventory]) {
    const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text ?? '');
    if (match !== null) return match.slice(1, 4).map(Number);
  }
  return undefined;
}

function textOf({ tag, inventory }: ProviderVersion): string {
  return tag ?? inventory ?? 'of unknown version';
}

function tagOf(deployment: KubeObject): ProviderVersion {
  const template = recordIn(recordIn(deployment, 'spec'), 'template');
  const containers = recordIn(template, 'spec')?.['containers'];
  const all = Array.isArray(containers) ? containers.filter(isRecord) : [];
  const manager = all.find(({ name }) => name === 'manager') ?? all[0];
  const image = manager?.['image'];
  const tag =
    typeof image === 'string' ? /(?:@|:)([^:/@]+(?::[^:/@]+)?)$/.exec(image)?.[1] : undefined;
  return tag === undefined ? {} : { tag };
}

function inventoryOf(object: KubeObject): ProviderVersion {
  const version = object['version'];
  return typeof version === 'string' ? { inventory: version } : {};
}
