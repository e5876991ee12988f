import { waitFor } from '@managed-cluster/toolchain';
import type { PlanLayer } from '../../../lib/apis/cluster-plan.generated.ts';
import { type KubeObject, isRecord, recordIn } from '../../../lib/core/object.ts';
import type { ObjectRef } from '../../../lib/kube/api.ts';
import { workload } from '../world.ts';
import { manifestsLayer } from './plans.ts';
import { HELM, map } from './subject.ts';

/** SPACE is what the layer {@link dataLayer} makes and data hangs on, and the chart's Namespace. */
export const SPACE: ObjectRef = { apiVersion: 'v1', kind: 'Namespace', name: 'ns-data' };
export const CHART_SPACE: ObjectRef = { ...SPACE, name: 'ns-chart-data' };
export const CLAIM: ObjectRef = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  namespace: SPACE.name,
  name: 'data',
};
export const CRD: ObjectRef = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  name: 'keepsakes.e2e.managedcluster.io',
};

/** OWN is a ConfigMap of the layer, SAID one that says keep; the others are of somebody else. */
export const OWN = map('own', SPACE.name);
export const SAID = map('says-keep', 'default');
export const STRANGER = map('stranger', SPACE.name);
export const CHART_STRANGER = map('stranger', CHART_SPACE.name);
export const KEEPSAKE: ObjectRef = {
  apiVersion: 'e2e.managedcluster.io/v1',
  kind: 'Keepsake',
  namespace: 'default',
  name: 'stranger',
};

const MANIFESTS = `
apiVersion: v1
kind: Namespace
metadata: {name: ${SPACE.name}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${CRD.name}}
spec:
  group: e2e.managedcluster.io
  scope: Namespaced
  names: {kind: Keepsake, singular: keepsake, plural: keepsakes, listKind: KeepsakeList}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${CLAIM.name}, namespace: ${SPACE.name}}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Mi}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${OWN.name}, namespace: ${SPACE.name}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${SAID.name}, namespace: default, annotations: {helm.sh/resource-policy: keep}}
`;

/** dataLayer is a layer of manifests with all that data hangs on. */
export function dataLayer(part: Partial<PlanLayer> = {}): PlanLayer {
  return manifestsLayer('data', { manifests: MANIFESTS, ...part });
}

/** chartLayer is a layer of a chart that makes a Namespace, or no longer does. */
export function chartLayer(namespace: string, part: Partial<PlanLayer> = {}): PlanLayer {
  const values = { greeting: 'moin', namespace };
  const helm = HELM.helm && { ...HELM.helm, values };
  return { ...HELM, name: 'chart-data', ...(helm === undefined ? {} : { helm }), ...part };
}

/** strangers puts objects of somebody else where the layers have made place for them. */
export async function strangers(): Promise<void> {
  for (const ref of [STRANGER, CHART_STRANGER, KEEPSAKE]) {
    const { apiVersion, kind, namespace = '', name } = ref;
    const object = { apiVersion, kind, metadata: { namespace, name } };
    // oxlint-disable-next-line no-await-in-loop -- a handful
    await waitFor({
      what: `${kind} to be served`,
      timeoutMs: 30_000,
      look: () => workload().apply(object, { fieldManager: 'stranger', force: true }),
    });
  }
}

/** left are those of the objects that are there and not about to go. */
export async function left(refs: readonly ObjectRef[]): Promise<readonly ObjectRef[]> {
  const objects = await Promise.all(refs.map((ref) => look(ref)));
  return refs.filter((_ref, index) => {
    const object = objects[index];
    return object !== undefined && object.metadata.deletionTimestamp === undefined;
  });
}

/** A kind whose definition is gone has no objects. */
async function look(ref: ObjectRef): Promise<KubeObject | undefined> {
  return workload()
    .get(ref)
    .catch(() => undefined);
}

/** freeClaim does what the controller does that protects claims in use: none runs in this world. */
export async function freeClaim(): Promise<void> {
  await waitFor({
    what: `${CLAIM.name} to be about to go`,
    timeoutMs: 60_000,
    look: async () => {
      const claim = await workload().get(CLAIM);
      return claim === undefined || claim.metadata.deletionTimestamp !== undefined
        ? true
        : undefined;
    },
  });
  if ((await workload().get(CLAIM)) === undefined) return;
  await workload().patch(CLAIM, { metadata: { finalizers: null } });
}

/** messageIn is what a plan reports of a layer. */
export function messageIn(plan: KubeObject, layer: string): string {
  const layers: unknown = recordIn(plan, 'status')?.['layers'];
  const list: readonly unknown[] = Array.isArray(layers) ? layers : [];
  const message = list.filter(isRecord).find(({ name }) => name === layer)?.['message'];
  return typeof message === 'string' ? message : '';
}
