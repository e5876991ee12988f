import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  applyObjects,
  deleteClaim,
  providerIdOf,
  taintsOf,
  UNINITIALIZED,
  untilOperational,
} from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import {
  AGENT_INSTALLATION,
  CLUSTER_PLAN,
  MANAGED_CLUSTER_CLAIM,
  PIVOT,
} from '../../lib/apis/kinds.ts';
import { USABLE_BY_ANNOTATION } from '../../lib/apis/opt-in.ts';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import { clientFromString } from '../../lib/kube/client.ts';
import { giveAccess } from './access.ts';
import { freshSite } from './lifecycle/fresh-site.ts';
import { eventually, management, workload } from './world.ts';

/*
 * The whole order of operations on a cloud whose cloud controller writes the providerID of Nodes: CP-A
 * stays without nodeRef, and its KubeadmControlPlane is not Available, until the agent has installed it.
 */
const api = management();
const inside = workload();
const HERE = { namespace: 'default', name: 'external' };
const CLAIM = { ...MANAGED_CLUSTER_CLAIM, ...HERE };
const MACHINE = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Machine' };
const CONTROL_PLANE = {
  apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
  kind: 'KubeadmControlPlane',
  namespace: HERE.namespace,
  name: 'external-cp',
};
const NODE = { apiVersion: 'v1', kind: 'Node' };
/** The Node on which the Pods of the cluster run; a new machine of such a cloud comes up like this. */
const HOST = { ...NODE, name: 'node-w' };
const SECRET = { apiVersion: 'v1', kind: 'Secret', namespace: HERE.namespace };
const CLOUD_CONFIG = { ...SECRET, name: 'external-cloud-config' };

let pretended: KubeApi;

beforeAll(async () => {
  await applyObjects(api, 'package/crds/clusterprofiles.m.managedcluster.io.yaml');
  await applyObjects(api, 'test/e2e/ccm/profile.yaml');
  await applyObjects(api, 'test/e2e/ccm/claim.yaml');
  await freshSite();
  const taints = [{ key: UNINITIALIZED, value: 'true', effect: 'NoSchedule' }];
  await inside.patch(HOST, { spec: { taints } });
});

/** The site outlives its clusters: the next one finds nothing of this one. */
afterAll(async () => {
  await inside.patch(HOST, { spec: { taints: [] } });
  await api.delete(CLOUD_CONFIG);
  await Promise.all(LEFT.map((ref) => inside.delete(ref)));
});

const CCM = { namespace: 'kube-system', name: 'cloud-controller-manager' };
const RIGHTS = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  name: 'system:cloud-controller-manager',
};
const LEFT: readonly ObjectRef[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment', ...CCM },
  { apiVersion: 'v1', kind: 'ServiceAccount', ...CCM },
  { apiVersion: 'v1', kind: 'Secret', namespace: 'kube-system', name: 'cloud-config' },
  { ...RIGHTS, kind: 'ClusterRole' },
  { ...RIGHTS, kind: 'ClusterRoleBinding' },
];

describe('a cluster whose Nodes wait for a cloud controller', () => {
  it('opens gate G1 while no Machine has a Node and the control plane is not Available', async () => {
    await eventually(api, CLAIM, 'to open G1', (one) => isTrue(one, 'ControlPlaneInitialized'));
    await eventually(api, { ...AGENT_INSTALLATION, ...HERE }, 'to be composed');
    await eventually(api, { ...CLUSTER_PLAN, ...HERE }, 'to be composed');
    const [machine] = await machines(api);
    expect(recordIn(machine, 'spec')?.['providerID']).toBe(providerIdOf(nameOf(machine)));
    expect(recordIn(recordIn(machine, 'status'), 'nodeRef')).toBeUndefined();
    expect(conditionOf(machine, 'NodeReady')?.message).toContain('Waiting for a Node with spec.');
    const available = conditionOf(await api.get(CONTROL_PLANE), 'Available');
    expect(available?.status).not.toBe('True');
    pretended = await cloudApi();
    const [node] = (await pretended.list(NODE)).items;
    expect(recordIn(node, 'spec')?.['providerID']).toBeUndefined();
    expect(keysOf(node)).toContain(UNINITIALIZED);
  });

  it('gate G2 waits for the agent, and the pivot with it', async () => {
    const claim = await api.get(CLAIM);
    expect(conditionOf(claim, 'Pivoted')?.message).toMatch(/^Gate G2: waiting for AgentInst/);
    expect(await api.get({ ...PIVOT, ...HERE })).toBeUndefined();
  });

  it('the agent runs on the Node as it came up, and brings the cloud controller', async () => {
    const kubeconfig = await kubeconfigOf();
    await api.apply(
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          namespace: HERE.namespace,
          name: CLOUD_CONFIG.name,
          annotations: { [USABLE_BY_ANNOTATION]: HERE.name },
        },
        stringData: { kubeconfig },
      },
      { fieldManager: 'e2e' },
    );
    await giveAccess(api, HERE.namespace, 'external-api');
    const ready = await waitFor({
      what: 'the control plane to be Available',
      timeoutMs: 150_000,
      intervalMs: 100,
      look: async () => {
        const one = await api.get(CONTROL_PLANE);
        return isTrue(one, 'Available') ? one : undefined;
      },
    });
    const installation = await api.get({ ...AGENT_INSTALLATION, ...HERE });
    const began = Date.parse(installation?.metadata.creationTimestamp ?? '');
    const available = Date.parse(conditionOf(ready, 'Available')?.lastTransitionTime ?? '');
    expect(available).toBeGreaterThan(began);
    expect(keysOf(await inside.get(HOST))).toEqual([]);
  });

  it('becomes Operational: three control planes, two workers, each with its providerID', async () => {
    const head = await untilOperational({ management: api, claim: CLAIM });
    expect(recordIn(head, 'status')).toMatchObject({
      phase: 'SelfManaged',
      controlPlaneMachines: '3/3',
      workers: '2/2',
      layers: [
        { name: 'cloud-controller', phase: 'Ready' },
        { name: 'network', phase: 'Ready' },
      ],
    });
    const { items } = await pretended.list(NODE);
    const given = items.map((node) => String(recordIn(node, 'spec')?.['providerID']));
    const wanted = (await machines(inside)).map((machine) => providerIdOf(nameOf(machine)));
    expect(given.toSorted()).toEqual(wanted.toSorted());
    expect(items.flatMap(keysOf)).not.toContain(UNINITIALIZED);
  });

  it('is deleted', async () => {
    await deleteClaim({ management: api, claim: CLAIM });
    expect(await machines(api)).toEqual([]);
  });
});

async function machines(side: KubeApi): Promise<readonly KubeObject[]> {
  const { items } = await side.list({ ...MACHINE, namespace: HERE.namespace });
  return items.filter(
    ({ metadata }) => metadata.labels?.['cluster.x-k8s.io/cluster-name'] === HERE.name,
  );
}

function nameOf(object: KubeObject | undefined): string {
  return object?.metadata.name ?? '';
}

function keysOf(node: KubeObject | undefined): readonly string[] {
  return taintsOf(node).map(({ key }) => key);
}

/** The API server of the pretended machines. */
async function cloudApi(): Promise<KubeApi> {
  return clientFromString(await kubeconfigOf());
}

async function kubeconfigOf(): Promise<string> {
  const secret = await eventually(api, { ...SECRET, name: `${HERE.name}-kubeconfig` }, 'there');
  return Buffer.from(String(recordIn(secret, 'data')?.['value']), 'base64').toString('utf8');
}
