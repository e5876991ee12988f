import { HOLD_LABEL } from '../../lib/apis/ownership.ts';
import type { KubeObject, OwnerReference } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { policyObjects } from '../../provider/policies/policies.ts';
import type { FakeApiServer } from './api-server.ts';

/** NAMESPACE and CLUSTER are where the cluster of these tests lives and what it is called. */
export const NAMESPACE = 'team-a';
export const CLUSTER_NAME = 'demo';

const CORE = 'cluster.x-k8s.io/v1beta2';
const INFRASTRUCTURE = 'infrastructure.cluster.x-k8s.io/v1beta2';
const BOOTSTRAP = 'bootstrap.cluster.x-k8s.io/v1beta2';
const CONTROL_PLANE = 'controlplane.cluster.x-k8s.io/v1beta2';

const SECRET_TYPE = 'cluster.x-k8s.io/secret';
const AUTHORITY = { 'tls.crt': 'Y2VydGlmaWNhdGU=', 'tls.key': 'a2V5' };

const KINDS: readonly (readonly [apiVersion: string, kind: string])[] = [
  [CORE, 'Cluster'],
  [CORE, 'Machine'],
  [CORE, 'MachineSet'],
  [CORE, 'MachineDeployment'],
  [INFRASTRUCTURE, 'DevCluster'],
  [INFRASTRUCTURE, 'DevMachine'],
  [INFRASTRUCTURE, 'DevMachineTemplate'],
  [BOOTSTRAP, 'KubeadmConfig'],
  [CONTROL_PLANE, 'KubeadmControlPlane'],
];

/** crdOf is the CRD of a kind, as far as a pivot reads it. */
export function crdOf(apiVersion: string, kind: string): KubeObject {
  const [group = '', name = ''] = apiVersion.split('/');
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind.toLowerCase()}s.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind },
      versions: [{ name, served: true, storage: true }],
    },
  };
}

/** installKinds puts on a server what a pivot asks for: CRDs and the policies of its side. */
export async function installKinds(server: FakeApiServer): Promise<void> {
  const crds = KINDS.map(([apiVersion, kind]) => crdOf(apiVersion, kind));
  const objects = [...crds, ...policyObjects(server.side)];
  await Promise.all(objects.map((object) => server.create(object)));
}

/** makeCluster makes a cluster with one control plane machine and some workers, operational and at rest. */
export async function makeCluster(
  api: KubeApi,
  { workers, composite }: { readonly workers: number; readonly composite?: OwnerReference },
): Promise<void> {
  const composed = composite === undefined ? [] : [composite];
  const held = { labels: { [HOLD_LABEL]: '' } };
  const cluster = await make(api, [CORE, 'Cluster', CLUSTER_NAME], {
    owners: composed,
    metadata: held,
    spec: {
      controlPlaneEndpoint: { host: '192.0.2.1', port: 6443 },
      controlPlaneRef: reference(CONTROL_PLANE, 'KubeadmControlPlane', `${CLUSTER_NAME}-cp`),
      infrastructureRef: reference(INFRASTRUCTURE, 'DevCluster', CLUSTER_NAME),
    },
    status: { initialization: { infrastructureProvisioned: true } },
  });
  const owner = ownerOf(cluster);
  const parts = { owners: [...composed, owner], metadata: held };
  await make(api, [INFRASTRUCTURE, 'DevCluster', CLUSTER_NAME], { ...parts, spec: {} });
  // A template that nothing owns yet moves because the control plane refers to it.
  await make(api, [INFRASTRUCTURE, 'DevMachineTemplate', `${CLUSTER_NAME}-cp`], {
    owners: composed,
    spec: { template: { spec: {} } },
    paused: false,
  });
  const controlPlane = await make(
    api,
    [CONTROL_PLANE, 'KubeadmControlPlane', `${CLUSTER_NAME}-cp`],
    {
      ...parts,
      spec: {
        replicas: 1,
        machineTemplate: {
          spec: {
            infrastructureRef: reference(
              INFRASTRUCTURE,
              'DevMachineTemplate',
              `${CLUSTER_NAME}-cp`,
            ),
          },
        },
      },
      status: { replicas: 1, readyReplicas: 1, availableReplicas: 1, upToDateReplicas: 1 },
    },
  );
  await makeSecret(api, `${CLUSTER_NAME}-ca`, [ownerOf(controlPlane)], AUTHORITY);
  await makeMachine(api, `${CLUSTER_NAME}-cp-0`, ownerOf(controlPlane));
  if (workers === 0) return;
  const deployment = await make(api, [CORE, 'MachineDeployment', `${CLUSTER_NAME}-md`], {
    owners: [owner],
    spec: { replicas: workers },
  });
  const set = await make(api, [CORE, 'MachineSet', `${CLUSTER_NAME}-md-1`], {
    owners: [ownerOf(deployment)],
    spec: { replicas: workers },
  });
  for (let index = 0; index < workers; index += 1) {
    // oxlint-disable-next-line no-await-in-loop -- in order, so that every test sees the same
    await makeMachine(api, `${CLUSTER_NAME}-md-${index}`, ownerOf(set));
  }
}

async function makeMachine(api: KubeApi, name: string, owner: OwnerReference): Promise<void> {
  const machine = await make(api, [CORE, 'Machine', name], {
    owners: [owner],
    metadata: { finalizers: ['machine.cluster.x-k8s.io'] },
    spec: { clusterName: CLUSTER_NAME, providerID: `fake://${name}` },
    status: { nodeRef: { name }, phase: 'Running' },
  });
  const config = await make(api, [BOOTSTRAP, 'KubeadmConfig', name], {
    owners: [ownerOf(machine)],
    spec: {},
    status: { initialization: { dataSecretCreated: true } },
  });
  await make(api, [INFRASTRUCTURE, 'DevMachine', name], {
    owners: [ownerOf(machine)],
    metadata: { finalizers: ['devmachine.infrastructure.cluster.x-k8s.io'] },
    spec: {},
  });
  await makeSecret(api, name, [ownerOf(config)]);
}

async function makeSecret(
  api: KubeApi,
  name: string,
  ownerReferences: readonly OwnerReference[],
  data: Readonly<Record<string, string>> = { value: 'c2VjcmV0' },
): Promise<void> {
  const metadata = { name, namespace: NAMESPACE, ownerReferences };
  await api.create({ apiVersion: 'v1', kind: 'Secret', metadata, type: SECRET_TYPE, data });
}

interface Parts {
  readonly owners: readonly OwnerReference[];
  readonly spec: Readonly<Record<string, unknown>>;
  readonly metadata?: Partial<KubeObject['metadata']>;
  readonly status?: Readonly<Record<string, unknown>>;
  /** Whether it reports Paused at all. */
  readonly paused?: boolean;
}

async function make(
  api: KubeApi,
  [apiVersion, kind, name]: readonly [apiVersion: string, kind: string, name: string],
  { owners, spec, metadata, status, paused = true }: Parts,
): Promise<KubeObject> {
  const made = await api.create({
    apiVersion,
    kind,
    metadata: { ...metadata, name, namespace: NAMESPACE, ownerReferences: owners },
    spec,
  });
  if (!paused) return made;
  const condition = { status: 'True', reason: 'Fake', observedGeneration: 1 };
  const conditions = ['Available', 'Ready', 'Initialized'].map((type) => ({ type, ...condition }));
  const resting = { type: 'Paused', status: 'False', observedGeneration: 1 };
  const ref = { apiVersion, kind, namespace: NAMESPACE, name };
  return api.patch(
    ref,
    { status: { ...status, observedGeneration: 1, conditions: [...conditions, resting] } },
    { subresource: 'status' },
  );
}

function ownerOf({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  const { name = '', uid = '' } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

function reference(apiVersion: string, kind: string, name: string): Record<string, string> {
  return { apiGroup: apiVersion.split('/')[0] ?? '', kind, name };
}
