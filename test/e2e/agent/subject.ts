import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLOUD_ADDRESS } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { AGENT_NAMESPACE } from '../../../lib/apis/agent.ts';
import type { PlanLayer } from '../../../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PLAN } from '../../../lib/apis/kinds.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { type KubeObject, isRecord, recordIn } from '../../../lib/core/object.ts';
import type { ObjectRef } from '../../../lib/kube/api.ts';
import { eventually, management, workload, worldFile } from '../world.ts';
import { cleanUp } from './clean-up.ts';
import { manifestsLayer } from './plans.ts';
import { setUp, type Rig } from './rig.ts';

/** NAMESPACE and NAME are those of the cluster whose agent is tested. */
export const NAMESPACE = 'agent-e2e';
export const NAME = 'solo';

/** PLAN is on the management side, COPY in the cluster. */
export const PLAN = { ...CLUSTER_PLAN, namespace: NAMESPACE, name: NAME };
export const COPY = { ...PLAN, namespace: AGENT_NAMESPACE };

/** SECRET_VALUE is what nobody may see. */
export const SECRET_VALUE = 'hunter2: "quoted"';

/** HELM is a layer of the chart of testbed/charts. */
export const HELM: PlanLayer = {
  name: 'hello',
  type: 'csi',
  installPriority: 200,
  helm: {
    chart: 'hello',
    repository: `http://${CLOUD_ADDRESS}`,
    plainHTTP: true,
    version: '1.0.0',
    namespace: 'hello-ns',
    values: { greeting: 'moin' },
  },
};

/** SEALED needs a secret. */
export const SEALED = manifestsLayer('sealed', {
  installPriority: 300,
  secretVariables: [{ name: 'pw', secretKeyRef: { name: 'passwords', key: 'db' } }],
  manifests: 'apiVersion: v1\nkind: Secret\nmetadata: {name: sealed}\nstringData: {pw: "${pw}"}\n',
});

const ADD_ON = manifestsLayer('extra', { type: 'addon' });

/** layersWith are the layers of the first plan, with another Helm layer where one is given. */
export function layersWith(helm: PlanLayer = HELM): readonly PlanLayer[] {
  return [manifestsLayer('one'), helm, SEALED, ADD_ON];
}

/** map names the ConfigMap of a layer. */
export function map(name: string, namespace = `ns-${name}`): ObjectRef {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name };
}

/** phases are the phases of the layers that a plan reports. */
export function phases(plan: KubeObject | undefined): Readonly<Record<string, unknown>> {
  const layers: unknown = recordIn(plan, 'status')?.['layers'];
  const list: readonly unknown[] = Array.isArray(layers) ? layers : [];
  return Object.fromEntries(
    list.filter(isRecord).map(({ name, phase }) => [String(name), phase] as const),
  );
}

/** gone waits until an object is no longer in the cluster. */
export function gone(ref: ObjectRef): Promise<true> {
  return waitFor({
    what: `${ref.kind} ${ref.name} to be gone`,
    timeoutMs: 60_000,
    look: async () => ((await workload().get(ref)) === undefined ? true : undefined),
  });
}

/** planLayers gives the plan other layers. */
export async function planLayers(layers: readonly PlanLayer[]): Promise<void> {
  await management().patch(PLAN, { spec: { layers } });
}

/** copyLayers gives the cluster's own copy other layers. */
export async function copyLayers(layers: readonly PlanLayer[]): Promise<void> {
  await workload().patch(COPY, { spec: { layers } });
}

/** accepted waits until the plan's condition PlanAccepted has a reason. */
export function accepted(reason: string): Promise<KubeObject> {
  return eventually(
    management(),
    PLAN,
    `to be ${reason}`,
    (plan) => conditionOf(plan, 'PlanAccepted')?.reason === reason,
  );
}

/**
 * setUpAgent sets an agent up for the cluster; it does not run yet. One that the tests before have left in
 * the cluster goes first: it would go on leading, and do the work of the one that is tested.
 */
export async function setUpAgent(helm: string): Promise<Rig> {
  await cleanUp(management(), workload(), NAMESPACE);
  const file = worldFile();
  const folder = join(file.dir, 'agent-e2e');
  mkdirSync(folder, { recursive: true });
  return setUp({
    management: { api: management(), kubeconfig: readFileSync(file.management.kubeconfig, 'utf8') },
    workload: { api: workload(), kubeconfig: readFileSync(file.workload.kubeconfig, 'utf8') },
    namespace: NAMESPACE,
    cluster: NAME,
    folder,
    helm,
    secrets: ['passwords'],
  });
}
