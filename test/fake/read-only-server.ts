import {
  scriptedServer,
  type ScriptedServer,
  type ServerIdentity,
  type WireAnswer,
} from './scripted-server.ts';

/** Kinds of each group as its discovery shows them. */
const SERVED: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  '/apis/managedcluster.io/v1alpha1': [
    ['managedclusters', 'ManagedCluster'],
    ['xmanagedclusters', 'XManagedCluster'],
  ],
  '/apis/m.managedcluster.io/v1alpha1': [
    ['namespacedmanagedclusters', 'NamespacedManagedCluster'],
    ['clusterplans', 'ClusterPlan'],
    ['agentinstallations', 'AgentInstallation'],
    ['pivots', 'Pivot'],
  ],
  '/apis/cluster.x-k8s.io/v1beta2': [
    ['clusters', 'Cluster'],
    ['machines', 'Machine'],
    ['machinedeployments', 'MachineDeployment'],
    ['machinehealthchecks', 'MachineHealthCheck'],
  ],
  '/apis/controlplane.cluster.x-k8s.io/v1beta2': [['kubeadmcontrolplanes', 'KubeadmControlPlane']],
  '/apis/coordination.k8s.io/v1': [['leases', 'Lease']],
  '/api/v1': [
    ['secrets', 'Secret'],
    ['configmaps', 'ConfigMap'],
  ],
};

/** MISSING, at a path of a {@link Script}, says that the object may be read and does not exist. */
export const MISSING = {};

const NOT_FOUND: WireAnswer = {
  code: 404,
  body: { kind: 'Status', code: 404, reason: 'NotFound' },
};

const FORBIDDEN: WireAnswer = {
  code: 403,
  body: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'is forbidden' },
};

/** Script is what is at which path: an object, or what gives it anew each time. */
export type Script = Readonly<Record<string, object | (() => object)>>;

/** apiServer is for somebody who may read what is given, and nothing else. */
export function apiServer(objects: Script, identity?: ServerIdentity): Promise<ScriptedServer> {
  return scriptedServer(({ url }) => {
    const path = url.replace(/\?.*$/, '');
    const kinds = SERVED[path];
    if (kinds !== undefined) {
      const resources = kinds.map(([name, kind]) => ({ name, kind, namespaced: true }));
      return { body: { kind: 'APIResourceList', resources } };
    }
    const object = objects[path];
    if (object === MISSING) return NOT_FOUND;
    if (object !== undefined) return { body: typeof object === 'function' ? object() : object };
    return path.endsWith('/demo') && path.includes('managedclusters') ? NOT_FOUND : FORBIDDEN;
  }, identity);
}
