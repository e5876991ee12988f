import { isDeepStrictEqual } from 'node:util';
import { SIDE_LABEL, type Side } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { packageObjects } from '../package-files.ts';

const FIELD_MANAGER = 'managed-cluster-provider';

const loaded = new Map<Side, readonly KubeObject[]>();

/** policyObjects returns the admission policies and bindings of a side, as shipped. */
export function policyObjects(side: Side): readonly KubeObject[] {
  const known = loaded.get(side) ?? packageObjects(`policies/${side}`);
  loaded.set(side, known);
  return known;
}

/**
 * Installs the policies of a side exactly as shipped, and returns the names of those that it wrote. It changes
 * none by server-side apply, which would keep what another manager added, such as a match condition that
 * disables a policy.
 */
export async function installPolicies(api: KubeApi, side: Side): Promise<readonly string[]> {
  const written = await Promise.all(policyObjects(side).map((wanted) => install(api, wanted)));
  return written.flatMap((name) => name ?? []);
}

/**
 * Returns the names of the policies of a side that do not exist or differ from the shipped ones: without
 * them nothing prevents both sides from reconciling a cluster at the same time.
 */
export async function missingPolicies(api: KubeApi, side: Side): Promise<readonly string[]> {
  const all = policyObjects(side);
  const types = [...new Map(all.map((object) => [object.kind, object])).values()];
  const lists = await Promise.all(
    types.map(({ apiVersion, kind }) =>
      api.list({ apiVersion, kind }, { labelSelector: SIDE_LABEL }),
    ),
  );
  const found = new Map(lists.flatMap(({ items }) => items.map((item) => [nameOf(item), item])));
  const missing = await Promise.all(
    all.map(async (wanted) => ((await isIntact(api, found, wanted)) ? [] : [nameOf(wanted)])),
  );
  return missing.flat();
}

async function isIntact(
  api: KubeApi,
  there: ReadonlyMap<string, KubeObject>,
  wanted: KubeObject,
): Promise<boolean> {
  const found = there.get(nameOf(wanted));
  return found !== undefined && (await differing(api, found, wanted)) === undefined;
}

async function install(api: KubeApi, wanted: KubeObject): Promise<string | undefined> {
  const name = nameOf(wanted);
  return wrapError(
    `install ${name}`,
    (async () => {
      const found = await api.get(refOf(wanted));
      if (found === undefined) {
        // RBAC can limit a create by name only in a server-side apply, whose request has the name
        // (kube-apiserver v1.36 endpoints/handlers/patch.go, createAuthorizerAttributes).
        await api.apply(wanted, { fieldManager: FIELD_MANAGER, force: true });
        return name;
      }
      const next = await differing(api, found, wanted);
      if (next === undefined) return undefined;
      await api.replace(next, { fieldManager: FIELD_MANAGER });
      return name;
    })(),
  );
}

/**
 * The object to write; undefined if it is up to date. If it is not identical, a dry run shows what the API
 * server would store, because a later version may set defaults that are not shipped.
 */
async function differing(
  api: KubeApi,
  found: KubeObject,
  wanted: KubeObject,
): Promise<KubeObject | undefined> {
  const labels = { ...found.metadata.labels, ...wanted.metadata.labels };
  if (isSame(found, { ...wanted, metadata: { ...wanted.metadata, labels } })) return undefined;
  const next = { ...wanted, metadata: { ...found.metadata, labels } };
  const would = await api.replace(next, { dryRun: true, fieldManager: FIELD_MANAGER });
  return isSame(found, would) ? undefined : next;
}

function isSame(found: KubeObject, wanted: KubeObject): boolean {
  return (
    isDeepStrictEqual(wanted['spec'], found['spec']) &&
    isDeepStrictEqual(wanted.metadata.labels, found.metadata.labels)
  );
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.name ?? ''}`;
}
