import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { firstControlPlane } from '../../../capi/expansion.ts';
import { aCluster, objectsOf } from '../../../capi/testing/clusters.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { CLUSTER, MACHINE } from '../../kill/subject.ts';
import type { Side } from '../../oracle/audit-event.ts';
import { capiMachine } from '../api/policy-objects.ts';
import { worldFile } from '../world.ts';
import { ATTACKER, type Scene, TENANT } from './scene.ts';

/** Attack is what somebody tries, and what must come of it. */
export interface Attack {
  readonly attack: string;
  readonly run: (scene: Scene) => Promise<unknown>;
  /** A part of the refusal; absent when it may be taken, because it does no harm. */
  readonly refused?: string;
}

const KCP =
  'system:serviceaccount:capi-kubeadm-control-plane-system:capi-kubeadm-control-plane-manager';
const SIDE_NAMES = { management: 'source', workload: 'target' } as const;
const SIDES: readonly Side[] = ['management', 'workload'];

const CONTROL_PLANE = {
  apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
  kind: 'KubeadmControlPlane',
} as const;

/** WHILE_FENCED are the attacks while both sides hold everything, paused. */
export const WHILE_FENCED: readonly Attack[] = [
  ...SIDES.flatMap((side) => onSide(side)),
  {
    attack: 'a GitOps tool applies the original manifests again, server-side with force',
    run: (scene) => applyServerSide(scene, {}),
  },
  {
    attack: 'a GitOps tool applies manifests that say paused: false, server-side with force',
    run: (scene) => applyServerSide(scene, { paused: false }),
    refused: 'must stay paused',
  },
  {
    attack: 'a GitOps tool applies the original manifests again, client-side (kubectl apply)',
    run: applyClientSide,
  },
  {
    attack: 'the garbage collector: an owner of the source Cluster is deleted',
    run: deleteOwner,
  },
];

function onSide(side: Side): readonly Attack[] {
  const where = SIDE_NAMES[side];
  return [
    {
      attack: `a user un-pauses the ${where}`,
      run: (scene) => patchCluster(scene, side, { spec: { paused: false } }),
      refused: 'must stay paused',
    },
    {
      attack: `a user takes the pause and the annotations off the ${where}`,
      run: (scene) =>
        patchCluster(scene, side, { metadata: { annotations: null }, spec: { paused: null } }),
      refused: 'must not be removed',
    },
    {
      attack: `a user names another owner of the ${where} at the same epoch`,
      run: (scene) =>
        patchCluster(scene, side, {
          metadata: { annotations: { 'managedcluster.io/owner': side } },
        }),
      refused: 'needs a higher',
    },
    {
      attack: `a tenant makes the ${where} its own: owner, a higher epoch and no pause in one patch`,
      run: (scene) => takeOver(scene, side),
      refused: 'are changed by a Pivot',
    },
    {
      attack: `a tenant takes the hold off the ${where}`,
      run: ({ as, subject: { name } }) =>
        as(side, TENANT).patch(
          { ...CLUSTER, namespace: name, name },
          { metadata: { labels: { 'managedcluster.io/hold': null } } },
        ),
      refused: 'is removed by the teardown',
    },
    {
      attack: `a user deletes the Cluster on the ${where}`,
      run: ({ as, subject: { name } }) =>
        as(side, ATTACKER).delete({ ...CLUSTER, namespace: name, name }),
      refused: 'is held',
    },
    {
      attack: `a user deletes the control plane on the ${where}`,
      run: ({ as, subject: { name } }) =>
        as(side, ATTACKER).delete({ ...CONTROL_PLANE, namespace: name, name: `${name}-cp` }),
      refused: 'is held',
    },
    {
      attack: `a stale controller manager makes a Machine on the ${where}`,
      run: ({ as, subject: { name } }) =>
        as(side, KCP).create(capiMachine({ namespace: name, name: 'stale' }, name, {})),
      refused: 'must not be created',
    },
  ];
}

/** WHEN_HANDED_OVER are the attacks when the workload side runs the cluster. */
export const WHEN_HANDED_OVER: readonly Attack[] = [
  {
    attack: 'a user makes management the owner on the workload side',
    run: (scene) =>
      patchCluster(scene, 'workload', {
        metadata: { annotations: { 'managedcluster.io/owner': 'management' } },
      }),
    refused: 'needs a higher',
  },
  {
    attack: 'a tenant of the workload side hands the cluster back: owner and a higher epoch',
    run: (scene) =>
      patchCluster(
        scene,
        'workload',
        {
          metadata: {
            annotations: { 'managedcluster.io/owner': 'moving', 'managedcluster.io/epoch': '500' },
          },
          spec: { paused: true },
        },
        TENANT,
      ),
    refused: 'are changed by a Pivot',
  },
  {
    attack: 'a tenant uses up the epochs on the workload side',
    run: (scene) =>
      patchCluster(
        scene,
        'workload',
        { metadata: { annotations: { 'managedcluster.io/epoch': '99999999999999999' } } },
        TENANT,
      ),
    refused: 'at most 15 digits',
  },
  {
    attack: 'a user deletes the Cluster on the workload side',
    run: ({ as, subject: { name } }) =>
      as('workload', ATTACKER).delete({ ...CLUSTER, namespace: name, name }),
    refused: 'is held',
  },
  {
    attack: 'a user takes back the epoch on the workload side',
    run: (scene) =>
      patchCluster(scene, 'workload', {
        metadata: { annotations: { 'managedcluster.io/epoch': '1' } },
      }),
    refused: 'must not decrease',
  },
];

/**
 * DELETED_MACHINE is a request that nobody can carry out behind the fence. The handover is called off for
 * it, the source does as it was asked, and then it is handed over.
 */
export const DELETED_MACHINE: Attack = {
  attack: 'a user deletes a worker Machine on the source',
  run: async ({ as, subject: { name } }) => {
    const api = as('management', ATTACKER);
    const workers = { labelSelector: '!cluster.x-k8s.io/control-plane' };
    const [machine] = (await api.list({ ...MACHINE, namespace: name }, workers)).items;
    await api.delete({ ...MACHINE, namespace: name, name: machine?.metadata.name ?? '' });
  },
};

function patchCluster(
  { as, subject: { name } }: Scene,
  side: Side,
  patch: object,
  user: string = ATTACKER,
): Promise<KubeObject> {
  return as(side, user).patch({ ...CLUSTER, namespace: name, name }, patch);
}

/** Without the verb of the fence this would be enough for two sides that reconcile. */
function takeOver(scene: Scene, side: Side): Promise<KubeObject> {
  const annotations = { 'managedcluster.io/owner': side, 'managedcluster.io/epoch': '500' };
  return patchCluster(scene, side, { metadata: { annotations }, spec: { paused: false } }, TENANT);
}

function originals({ subject: { name } }: Scene): readonly KubeObject[] {
  const input = aCluster('docker', {
    cloud: { docker: { backend: 'inMemory' } },
    controlPlane: { replicas: 1 },
    nodePools: [],
  });
  return objectsOf(firstControlPlane({ ...input, name, namespace: name }));
}

async function applyServerSide(scene: Scene, spec: object): Promise<void> {
  const api = scene.as('management', ATTACKER);
  for (const object of originals(scene)) {
    const own = object.kind === 'Cluster' ? spec : {};
    const changed = { ...object, spec: { ...(object['spec'] as object), ...own } };
    // oxlint-disable-next-line no-await-in-loop -- in the order of the manifests
    await api.apply(changed, { fieldManager: 'argocd-controller', force: true });
  }
}

async function applyClientSide(scene: Scene): Promise<void> {
  const { kubectl, management } = worldFile();
  const list = { apiVersion: 'v1', kind: 'List', items: originals(scene) };
  const flags = ['--kubeconfig', management.kubeconfig, '--as', ATTACKER];
  const child = promisify(execFile)(kubectl, [...flags, 'apply', '-f', '-']);
  child.child.stdin?.end(JSON.stringify(list));
  await child;
}

async function deleteOwner({ as, subject: { name } }: Scene): Promise<void> {
  const api = as('management', ATTACKER);
  const owner = await api.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: name, name: 'owner' },
  });
  const ref = { ...CLUSTER, namespace: name, name };
  const cluster = await api.get(ref);
  const reference = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: 'owner',
    uid: owner.metadata.uid ?? '',
  };
  await api.patch(ref, {
    metadata: { ownerReferences: [...(cluster?.metadata.ownerReferences ?? []), reference] },
  });
  await api.delete({ apiVersion: 'v1', kind: 'ConfigMap', namespace: name, name: 'owner' });
}
