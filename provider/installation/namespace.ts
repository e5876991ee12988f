import type { KubeApi } from '../../lib/kube/api.ts';
import { ensureObjects } from './apply.ts';

/** ensureNamespace makes a namespace that is not there; its labels and all else are its user's. */
export async function ensureNamespace(api: KubeApi, name: string): Promise<void> {
  await ensureObjects(api, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }]);
}
