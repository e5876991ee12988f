import { CLUSTER_LABEL, PROVIDER_FINALIZER } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { during } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { managementIdentity } from '../core/installation/management-identity.ts';
import { eachOf } from './each-of.ts';

/**
 * removeIdentity takes the agent's identity off the management side, and with it its tokens. What
 * bears another cluster's label is not ours. The cluster itself is not touched, nor asked.
 */
export async function removeIdentity(
  management: KubeApi,
  cluster: { readonly namespace: string; readonly name: string },
): Promise<void> {
  // The binding first: from then on the token opens nothing.
  const objects = managementIdentity(cluster, []).toReversed();
  await eachOf(objects, async (object) => {
    const found = await management.get(refOf(object));
    const { uid, labels } = found?.metadata ?? {};
    if (labels?.[CLUSTER_LABEL] !== cluster.name || uid === undefined) return;
    await management.delete(refOf(object), { preconditions: { uid } });
  });
}

/** withFinalizer puts our finalizer on; no request when it is there. */
export async function withFinalizer(management: KubeApi, object: KubeObject): Promise<KubeObject> {
  const { finalizers = [] } = object.metadata;
  if (finalizers.includes(PROVIDER_FINALIZER)) return object;
  return setFinalizers(management, object, [...finalizers, PROVIDER_FINALIZER]);
}

/** withoutFinalizer takes our finalizer off. */
export async function withoutFinalizer(management: KubeApi, object: KubeObject): Promise<void> {
  const { finalizers = [] } = object.metadata;
  if (!finalizers.includes(PROVIDER_FINALIZER)) return;
  const others = finalizers.filter((one) => one !== PROVIDER_FINALIZER);
  await setFinalizers(management, object, others);
}

function setFinalizers(
  management: KubeApi,
  object: KubeObject,
  finalizers: readonly string[],
): Promise<KubeObject> {
  const { resourceVersion, name = '' } = object.metadata;
  return during(
    `change the finalizers of ${object.kind} ${name}`,
    management.patch(refOf(object), { metadata: { resourceVersion, finalizers } }),
  );
}
