import { type KubeObject, groupOf, recordIn, isRecord } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import { listIn, textIn } from './json.ts';
import { PROVIDER_LABEL } from './provider-copy.ts';

/** CORE_PROVIDER is the value of the label of Cluster API itself. */
export const CORE_PROVIDER = 'cluster-api';

/** GroupKind identifies a kind independently of its version. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/**
 * kindsIn returns all kinds that objects have or refer to, at any depth. References of Cluster API have
 * `kind` and either `apiGroup` (v1beta2) or `apiVersion` (v1beta1).
 */
export function kindsIn(objects: readonly KubeObject[]): readonly GroupKind[] {
  return objects.flatMap(({ apiVersion, kind, ...body }) => [
    { group: groupOf(apiVersion), kind },
    ...referredTo(body['spec']),
  ]);
}

/**
 * providersFor returns the labels of the providers that a cluster needs: the core provider, and those that
 * own the CRDs of the kinds. A management side may have many more providers.
 */
export function providersFor(
  kinds: readonly GroupKind[],
  crds: readonly KubeObject[],
): readonly string[] {
  const owners = crds.flatMap((crd) => {
    const owner = crd.metadata.labels?.[PROVIDER_LABEL];
    return owner !== undefined && kinds.some((kind) => defines(crd, kind)) ? [owner] : [];
  });
  return [...new Set([CORE_PROVIDER, ...owners])].toSorted(compareText);
}

/** storedVersion returns the storage version of a kind according to its CRD; undefined without a CRD. */
export function storedVersion(kind: GroupKind, crds: readonly KubeObject[]): string | undefined {
  const crd = crds.find((one) => defines(one, kind));
  const versions = listIn(recordIn(crd, 'spec'), 'versions');
  return textIn(
    versions.find(({ storage }) => storage === true),
    'name',
  );
}

function defines(crd: KubeObject, { group, kind }: GroupKind): boolean {
  const spec = recordIn(crd, 'spec');
  return textIn(spec, 'group') === group && textIn(recordIn(spec, 'names'), 'kind') === kind;
}

function referredTo(value: unknown): readonly GroupKind[] {
  if (Array.isArray(value)) return value.flatMap(referredTo);
  if (!isRecord(value)) return [];
  const kind = textIn(value, 'kind');
  const group = textIn(value, 'apiGroup') ?? groupOf(textIn(value, 'apiVersion') ?? '');
  const own = kind === undefined || group === '' ? [] : [{ group, kind }];
  return [...own, ...Object.values(value).flatMap(referredTo)];
}
