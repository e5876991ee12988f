import {
  applyObjects,
  installProviders,
  type RenderedProviders,
  renderProviders,
} from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import type { KubeObject } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { HOLD_LABEL } from '../../../lib/apis/ownership.ts';
import { CLUSTER } from '../../kill/subject.ts';
import { objectsIn } from '../../../lib/program/manifests.ts';
import { worldFile, workload } from '../world.ts';

const POLICIES = 'package/policies/workload';

/** equip installs on the workload side what the provider would install with an agent, but no agent. */
export async function equip(): Promise<RenderedProviders> {
  const rendered = await renderProviders({ kubectl: worldFile().kubectl });
  await installProviders(workload(), rendered);
  await applyObjects(workload(), POLICIES);
  return rendered;
}

/** strip takes it all away again, for the tests that come after: clusters first. */
export async function strip({ crds, objects }: RenderedProviders): Promise<void> {
  const api = workload();
  const { items } = await api.list(CLUSTER);
  await Promise.all(items.map((cluster) => remove(api, cluster)));
  await Promise.all([...objectsIn(POLICIES), ...objects].map((object) => discard(api, object)));
  await Promise.all(crds.map((crd) => discard(api, crd)));
}

async function remove(api: KubeApi, { apiVersion, kind, metadata }: KubeObject): Promise<void> {
  const { namespace = '', name = '' } = metadata;
  const ref = { apiVersion, kind, namespace, name };
  const types = ['Cluster', 'DevCluster', 'KubeadmControlPlane', 'DevMachineTemplate'];
  const groups = ['', 'infrastructure.', 'controlplane.', 'infrastructure.'];
  for (const [index, type] of types.entries()) {
    const held = { apiVersion: `${groups[index]}${CLUSTER.apiVersion}`, kind: type, namespace };
    // oxlint-disable-next-line no-await-in-loop -- four kinds
    await release(api, held);
  }
  await api.delete(ref);
  await waitFor({
    what: `cluster ${name} to be removed`,
    timeoutMs: 90_000,
    intervalMs: 200,
    look: async () => ((await api.get(ref)) === undefined ? true : undefined),
  });
}

async function release(
  api: KubeApi,
  type: { readonly apiVersion: string; readonly kind: string; readonly namespace: string },
): Promise<void> {
  const { items } = await api.list(type, { labelSelector: HOLD_LABEL });
  const patch = { metadata: { labels: { [HOLD_LABEL]: null } } };
  await Promise.all(
    items.map(({ metadata }) => api.patch({ ...type, name: metadata.name ?? '' }, patch)),
  );
}

function discard(api: KubeApi, { apiVersion, kind, metadata }: KubeObject): Promise<void> {
  const { namespace, name = '' } = metadata;
  return api.delete({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) });
}
