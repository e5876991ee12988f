import { waitFor } from '@managed-cluster/toolchain';
import { PIVOT } from '../../../lib/apis/kinds.ts';
import type { Pivot, PivotSpec } from '../../../lib/apis/pivot.generated.ts';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';

/** ACCESS is the Secret by which a Pivot of these tests reaches the workload side. */
export const ACCESS = 'workload-access';

/** makePivot makes a Pivot that nobody composed. */
export async function makePivot(
  api: KubeApi,
  { cluster, name }: { readonly cluster: string; readonly name: string },
  spec: Partial<PivotSpec> = {},
): Promise<void> {
  await api.create({
    ...PIVOT,
    metadata: { name, namespace: cluster },
    spec: {
      clusterName: cluster,
      kubeconfigSecretRef: { name: ACCESS, key: 'value' },
      provider: 'docker',
      ...spec,
    },
  });
}

/** pivotOf reads a Pivot; it must be there. */
export async function pivotOf(api: KubeApi, cluster: string, name: string): Promise<Pivot> {
  const found = await api.get({ ...PIVOT, namespace: cluster, name });
  if (found === undefined) throw new Error(`there is no Pivot ${cluster}/${name}`);
  return found as Pivot;
}

/** completed waits until nothing is left to do. */
export async function completed(api: KubeApi, cluster: string, name: string): Promise<Pivot> {
  return until(api, { cluster, name }, 'complete', (pivot) => isTrue(pivot, 'Ready'));
}

/** until waits for a Pivot to be in some state; the error says what the Pivot says. */
export async function until(
  api: KubeApi,
  { cluster, name }: { readonly cluster: string; readonly name: string },
  what: string,
  test: (pivot: Pivot) => boolean,
): Promise<Pivot> {
  return waitFor({
    what: `Pivot ${cluster}/${name} to be ${what}`,
    timeoutMs: 90_000,
    intervalMs: 50,
    look: async () => {
      const pivot = await pivotOf(api, cluster, name);
      if (test(pivot)) return pivot;
      const [ready, synced] = ['Ready', 'Synced'].map((type) => conditionOf(pivot, type));
      throw new Error(`${pivot.status?.phase}: ${ready?.message}; ${synced?.message}`);
    },
  });
}
