import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { isNotFound } from '../../lib/kube/errors.ts';

/** Written and taken away again: what wakes a controller is that its object has changed. */
const TRIGGER_ANNOTATION = 'managedcluster.io/reconcile-trigger';

/**
 * triggerReconcile wakes the controllers of objects and leaves nothing behind. A controller that is not told of a pause
 * of the Cluster, such as the one of Machines (CAPI v1.14 machine_controller.go: ClusterControlPlaneInitialized
 * only), sees it when something else happens to its object, and that may be too early for its cache.
 */
export async function triggerReconcile(
  api: KubeApi,
  objects: readonly KubeObject[],
): Promise<void> {
  await Promise.all(objects.map((object) => triggerOne(api, object)));
}

async function triggerOne(api: KubeApi, object: KubeObject): Promise<void> {
  try {
    for (const value of ['', null]) {
      const patch = { metadata: { annotations: { [TRIGGER_ANNOTATION]: value } } };
      // oxlint-disable-next-line no-await-in-loop -- taken away once it was there
      await api.patch(refOf(object), patch);
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
