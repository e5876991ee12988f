import { AGENT_INSTALLATION, CLUSTER_PLAN, PIVOT } from '../../../lib/apis/kinds.ts';
import { HOLD_LABEL } from '../../../lib/apis/ownership.ts';
import type { JsonObject, KubeObject } from '../../../lib/core/object.ts';

/** Labels and annotations of an object under attack. */
type Strings = Readonly<Record<string, string>>;

const CORE = 'cluster.x-k8s.io/v1beta2';
const INFRASTRUCTURE = 'infrastructure.cluster.x-k8s.io';
const VERSION = 'v1.35.4';

/** Where the object is; all are in one namespace. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** capiCluster is a Cluster whose infrastructure is not there: no controller gets anywhere with it. */
export function capiCluster(
  { namespace, name }: Place,
  annotations: Strings,
  spec: JsonObject,
  labels: Strings = {},
): KubeObject {
  const metadata = { namespace, name, labels, annotations };
  const infrastructureRef = { apiGroup: INFRASTRUCTURE, kind: 'DevCluster', name: 'none' };
  return {
    apiVersion: CORE,
    kind: 'Cluster',
    metadata,
    spec: { infrastructureRef, ...spec },
  };
}

/** capiMachine is a Machine of a cluster; the tests only ever try to create it. */
export function capiMachine(
  { namespace, name }: Place,
  clusterName: string,
  annotations: Strings,
): KubeObject {
  const spec = {
    clusterName,
    version: VERSION,
    bootstrap: { dataSecretName: 'none' },
    infrastructureRef: {
      apiGroup: INFRASTRUCTURE,
      kind: 'DevMachine',
      name: 'none',
    },
  };
  return { apiVersion: CORE, kind: 'Machine', metadata: { namespace, name, annotations }, spec };
}

function held(apiVersion: string, kind: string, namespace: string, spec: JsonObject): KubeObject {
  // Paused for CAPI and for us: what is under attack shall be left alone by everybody else.
  const annotations = { 'cluster.x-k8s.io/paused': '', 'crossplane.io/paused': 'true' };
  const labels = { [HOLD_LABEL]: '' };
  return { apiVersion, kind, metadata: { namespace, name: 'held', labels, annotations }, spec };
}

/** heldObjects are one held object of each group that the guard looks at. */
export function heldObjects(namespace: string): readonly KubeObject[] {
  const kubeconfigSecretRef = { name: 'held-kubeconfig' };
  const template = {
    apiGroup: INFRASTRUCTURE,
    kind: 'DevMachineTemplate',
    name: 'held',
  };
  return [
    capiCluster({ namespace, name: 'held' }, {}, { paused: true }, { [HOLD_LABEL]: '' }),
    held('controlplane.cluster.x-k8s.io/v1beta2', 'KubeadmControlPlane', namespace, {
      replicas: 1,
      version: VERSION,
      machineTemplate: { spec: { infrastructureRef: template } },
      kubeadmConfigSpec: { clusterConfiguration: { imageRepository: 'registry.example.org' } },
    }),
    held(`${INFRASTRUCTURE}/v1beta2`, 'DevMachineTemplate', namespace, {
      template: { spec: { backend: { docker: {} } } },
    }),
    held('bootstrap.cluster.x-k8s.io/v1beta2', 'KubeadmConfigTemplate', namespace, {
      template: { spec: { verbosity: 2 } },
    }),
    held(CLUSTER_PLAN.apiVersion, CLUSTER_PLAN.kind, namespace, {
      epoch: 1,
      clusterName: 'held',
      cluster: {},
      layers: [],
    }),
    held(AGENT_INSTALLATION.apiVersion, AGENT_INSTALLATION.kind, namespace, {
      clusterName: 'held',
      kubeconfigSecretRef,
      cloud: { provider: 'docker' },
    }),
    held(PIVOT.apiVersion, PIVOT.kind, namespace, { clusterName: 'held', kubeconfigSecretRef }),
  ];
}
