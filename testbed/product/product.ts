import { waitFor } from '@managed-cluster/toolchain';
import { isTrue } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { manifestFiles, objectsIn } from '../../lib/program/manifests.ts';

const FIELD_MANAGER = 'managed-cluster-package';

/** The manifests that a user installs, in this order, with the policies of the management side. */
const FOLDERS = [
  'package/crds',
  'package/rbac',
  'package/policies/management',
  'package/policies/provider',
  'xrds',
  'compositions',
];

const XRD = 'CompositeResourceDefinition';

/**
 * installProduct puts the shipped package onto a management side that runs Crossplane, as a user
 * does, and waits until claims are served. `without` names files that are left out.
 */
export async function installProduct(api: KubeApi, without: readonly string[] = []): Promise<void> {
  for (const folder of FOLDERS) {
    const files = manifestFiles(folder).filter((file) => !without.includes(file));
    const objects = files.flatMap(objectsIn);
    // oxlint-disable-next-line no-await-in-loop -- CRDs and roles before what needs them
    await Promise.all(objects.map((object) => applyWhenServed(api, object)));
  }
  const definitions = objectsIn('xrds');
  await Promise.all(definitions.map((definition) => established(api, definition)));
}

/** applyObjects applies the objects in a file of this repository, such as an example. */
export async function applyObjects(api: KubeApi, path: string): Promise<readonly KubeObject[]> {
  return Promise.all(objectsIn(path).map((object) => applyWhenServed(api, object)));
}

/** A kind may not be served yet after its CRD was applied. */
function applyWhenServed(api: KubeApi, object: KubeObject): Promise<KubeObject> {
  return waitFor({
    what: `${object.kind} ${object.metadata.name ?? ''} to be accepted`,
    timeoutMs: 30_000,
    intervalMs: 200,
    look: () => api.apply(object, { fieldManager: FIELD_MANAGER, force: true }),
  });
}

async function established(
  api: KubeApi,
  { apiVersion, kind, metadata, ...rest }: KubeObject,
): Promise<void> {
  if (kind !== XRD) return;
  const claims = JSON.stringify(rest).includes('claimNames');
  const types = claims ? ['Established', 'Offered'] : ['Established'];
  const name = metadata.name ?? '';
  await waitFor({
    what: `${XRD} ${name} to be ${types.join(' and ')}`,
    timeoutMs: 60_000,
    look: async () => {
      const found = await api.get({ apiVersion, kind, name });
      return types.every((type) => isTrue(found, type)) ? true : undefined;
    },
  });
}
