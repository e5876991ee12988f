import { isDeepStrictEqual } from 'node:util';
import type { Side } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { during } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { packageObjects } from '../package-files.ts';

const FIELD_MANAGER = 'managed-cluster-provider';

const loaded = new Map<Side, readonly KubeObject[]>();

/** policyObjects are the admission policies and bindings that belong on a side, as they are shipped. */
export function policyObjects(side: Side): readonly KubeObject[] {
  const known = loaded.get(side) ?? packageObjects(`policies/${side}`);
  loaded.set(side, known);
  return known;
}

/**
 * Makes the policies of a side be there exactly as they are shipped, and names those that it had to
 * write. Not by server-side apply, which would leave alone what another manager adds, such as a
 * condition under which a policy is not looked at.
 */
export async function installPolicies(api: KubeApi, side: Side): Promise<readonly string[]> {
  const written = await Promise.all(policyObjects(side).map((wanted) => install(api, wanted)));
  return written.flatMap((name) => name ?? []);
}

/**
 * Names the policies of a side that are not there, or not as they are shipped: without them nothing
 * keeps two sides from reconciling a cluster at the same time.
 */
export async function missingPolicies(api: KubeApi, side: Side): Promise<readonly string[]> {
  const missing = await Promise.all(
    policyObjects(side).map(async (wanted) => {
      const found = await api.get(refOf(wanted));
      const intact = found !== undefined && (await differing(api, found, wanted)) === undefined;
      return intact ? [] : [nameOf(wanted)];
    }),
  );
  return missing.flat();
}

async function install(api: KubeApi, wanted: KubeObject): Promise<string | undefined> {
  const name = nameOf(wanted);
  return during(
    `install ${name}`,
    (async () => {
      const found = await api.get(refOf(wanted));
      if (found === undefined) {
        await api.create(wanted, { fieldManager: FIELD_MANAGER });
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
 * The object as it has to be written, undefined when it is as it shall be. The API server is asked by
 * a dry run what it would make of ours, because it fills in defaults that differ by its version.
 */
async function differing(
  api: KubeApi,
  found: KubeObject,
  wanted: KubeObject,
): Promise<KubeObject | undefined> {
  const labels = { ...found.metadata.labels, ...wanted.metadata.labels };
  const next = { ...wanted, metadata: { ...found.metadata, labels } };
  const would = await api.replace(next, { dryRun: true, fieldManager: FIELD_MANAGER });
  const same =
    isDeepStrictEqual(would['spec'], found['spec']) &&
    isDeepStrictEqual(would.metadata.labels, found.metadata.labels);
  return same ? undefined : next;
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.name ?? ''}`;
}
