import type { KubeObject } from '../lib/core/object.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { refOf } from '../lib/kube/addresses.ts';
import { isNotFound } from '../lib/kube/errors.ts';

/** Added and removed again: the change of the object triggers its controller. */
const TRIGGER_ANNOTATION = 'managedcluster.io/reconcile-trigger';

/**
 * triggerReconcile triggers the controllers of objects and leaves no trace. A controller that is not
 * notified of a pause of the Cluster, such as that of Machines (CAPI v1.14 machine_controller.go:
 * ClusterControlPlaneInitialized only), observes it on the next event of its object, which may be too early
 * for its cache.
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
      // oxlint-disable-next-line no-await-in-loop -- removed only after it was added
      await api.patch(refOf(object), patch);
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
