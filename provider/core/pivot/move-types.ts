import { type Kind, SECRET } from '../../../capi/cloud.ts';
import { type KubeObject, isRecord, recordIn, groupOf } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import { isClusterApiGroup } from './identity.ts';

/** MoveType is a kind whose objects can belong to a cluster, in its storage version. */
export interface MoveType extends Kind {
  /** The provider that installs the kind, as in the label `cluster.x-k8s.io/provider`. */
  readonly provider?: string;
}

const PROVIDER_LABEL = 'cluster.x-k8s.io/provider';

/** Label of CRDs installed by clusterctl or its operator (facts/capi.md 1.2). */
const CLUSTERCTL_LABEL = 'clusterctl.cluster.x-k8s.io';

/** API groups that describe an installation, not a cluster. */
const NOT_OF_A_CLUSTER = ['clusterctl.cluster.x-k8s.io', 'operator.cluster.x-k8s.io'];

const CONFIG_MAP: MoveType = { apiVersion: 'v1', kind: 'ConfigMap' };

/**
 * moveTypes returns all kinds that are searched for objects of a cluster: CRDs by the labels of the Cluster
 * API installers, by API group, and the kinds of the cloud (facts/capi.md 1.2: a single label finds nothing
 * if a GitOps tool made the installation). Only namespaced kinds: a cluster-scoped object does not belong
 * to a single cluster.
 */
export function moveTypes(
  crds: readonly KubeObject[],
  movesAlso: readonly Kind[] = [],
): readonly MoveType[] {
  const found = crds.filter(isMoved).flatMap((crd) => storedType(crd) ?? []);
  const known = new Set(found.map(typeKey));
  const added = movesAlso.filter((kind) => !known.has(typeKey(kind)));
  return [...found, ...added, SECRET, CONFIG_MAP].toSorted((a, b) =>
    compareText(typeKey(a), typeKey(b)),
  );
}

/** servesType reports whether an API server with these CRDs serves a kind in exactly this version. */
export function servesType(crds: readonly KubeObject[], { apiVersion, kind }: Kind): boolean {
  const group = groupOf(apiVersion);
  if (group === '') return true;
  const version = apiVersion.slice(group.length + 1);
  return crds.some((crd) => {
    const spec = recordIn(crd, 'spec');
    return (
      spec?.['group'] === group &&
      recordIn(spec, 'names')?.['kind'] === kind &&
      versionsOf(crd).some(({ name, served }) => name === version && served === true)
    );
  });
}

/** typeKey identifies a kind independently of its version. */
export function typeKey({ apiVersion, kind }: Kind): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

function isMoved(crd: KubeObject): boolean {
  const group = recordIn(crd, 'spec')?.['group'];
  if (typeof group !== 'string' || NOT_OF_A_CLUSTER.includes(group)) return false;
  const labels = crd.metadata.labels ?? {};
  return isClusterApiGroup(group) || CLUSTERCTL_LABEL in labels || PROVIDER_LABEL in labels;
}

function storedType(crd: KubeObject): MoveType | undefined {
  const spec = recordIn(crd, 'spec');
  const kind = recordIn(spec, 'names')?.['kind'];
  const stored = versionsOf(crd).find(({ storage }) => storage === true)?.name;
  if (spec?.['scope'] !== 'Namespaced' || typeof kind !== 'string') return undefined;
  if (typeof stored !== 'string') return undefined;
  const provider = crd.metadata.labels?.[PROVIDER_LABEL];
  return {
    apiVersion: `${String(spec['group'])}/${stored}`,
    kind,
    ...(provider === undefined ? {} : { provider }),
  };
}

interface Version {
  readonly name?: unknown;
  readonly served?: unknown;
  readonly storage?: unknown;
}

function versionsOf(crd: KubeObject): readonly Version[] {
  const versions = recordIn(crd, 'spec')?.['versions'];
  return Array.isArray(versions) ? versions.filter(isRecord) : [];
}
