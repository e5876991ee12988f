import type { PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import { EPOCH_ANNOTATION, OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';
import type { ClusterInput } from '../../capi/cloud.ts';
import { scaledControlPlane } from '../../capi/expansion.ts';
import { healthChecks } from '../../capi/health-check.ts';
import { CLUSTER_NAME_LABEL, CONTROL_PLANE_LABEL } from '../../capi/labels.ts';
import { machineLabels } from '../../capi/node-labels.ts';
import { nodePool } from '../../capi/node-pool.ts';
import { aCluster } from '../../capi/testing/clusters.ts';
import {
  type JsonObject,
  type KubeObject,
  recordIn,
  isRecord,
  type Json,
} from '../../lib/core/object.ts';
import { jsonOf, marked } from '../core/applied.ts';
import { decide, type Observation } from '../core/decide.ts';
import { wantedLayer, type LayerState, type WantedLayer } from '../core/layers.ts';
import type { Action, ClusterState } from '../core/cluster-state.ts';

/** aPool is a node pool as in a claim. */
export function aPool(name: string, replicas: number): JsonObject {
  return { name, replicas, machine: {} };
}

/** anInput is a cluster of fake machines; by default one for the control plane and no pools. */
export function anInput(patch: JsonObject = {}): ClusterInput {
  const small = { controlPlane: { replicas: 1 }, nodePools: [] };
  return aCluster('docker', { cloud: { docker: { backend: 'inMemory' } }, ...small, ...patch });
}

/** NOTHING is the state of a cluster that does not exist. */
export const NOTHING: ClusterState = {
  cluster: undefined,
  infrastructureCluster: undefined,
  controlPlane: undefined,
  machines: [],
  deployments: [],
  machineSets: [],
  healthChecks: [],
  templates: [],
};

/** stored is an applied object with a settled status. */
export function stored(object: KubeObject, status: JsonObject = {}): KubeObject {
  const applied = marked(object);
  return {
    ...applied,
    metadata: { ...applied.metadata, generation: 1, uid: `uid-${object.metadata.name ?? ''}` },
    status: { observedGeneration: 1, ...status },
  };
}

/** aMachine is a Machine, ready by default. */
export function aMachine(
  name: string,
  labels: Readonly<Record<string, string>>,
  part: { readonly version?: string; readonly up?: boolean; readonly deleting?: boolean } = {},
): KubeObject {
  const { version = 'v1.35.4', up = true, deleting = false } = part;
  return {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Machine',
    metadata: {
      name,
      namespace: 'team-a',
      labels: { [CLUSTER_NAME_LABEL]: 'demo', ...labels },
      ...(deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: { clusterName: 'demo', version },
    status: {
      conditions: [
        { type: 'Ready', status: up ? 'True' : 'False', reason: up ? 'Ready' : 'NotReady' },
      ],
    },
  };
}

/** controlPlaneOf are a number of control plane machines. */
export function controlPlaneOf(
  count: number,
  part: Parameters<typeof aMachine>[2] = {},
): readonly KubeObject[] {
  return Array.from({ length: count }, (_, index) =>
    aMachine(`demo-cp-${index}`, { [CONTROL_PLANE_LABEL]: '' }, part),
  );
}

/** counted is a status with equal counts and no roll-out in progress. */
export function counted(replicas: number): JsonObject {
  const counts = ['replicas', 'readyReplicas', 'availableReplicas', 'upToDateReplicas'];
  return {
    ...Object.fromEntries(counts.map((count) => [count, replicas])),
    conditions: [{ type: 'RollingOut', status: 'False', reason: 'NotRollingOut' }],
  };
}

/** owned is a Cluster with an owner. */
export function owned(cluster: KubeObject, owner: string | undefined, paused = false): KubeObject {
  const { metadata, ...rest } = cluster;
  const annotations = { ...metadata.annotations, [EPOCH_ANNOTATION]: '3' };
  const told =
    owner === undefined ? metadata.annotations : { ...annotations, [OWNER_ANNOTATION]: owner };
  const spec = { ...recordIn(cluster, 'spec'), ...(paused ? { paused } : {}) };
  return { ...rest, metadata: { ...metadata, annotations: told ?? {} }, spec };
}

/** running is the settled state of a cluster that matches an input. */
export function running(input: ClusterInput): ClusterState {
  const { cluster, infrastructureCluster, controlPlane, controlPlaneMachineTemplate } =
    scaledControlPlane(input);
  const { replicas } = input.spec.controlPlane;
  const { version } = input.spec.kubernetes;
  const pools = input.spec.nodePools.map((pool) => ({ pool, objects: nodePool(input, pool) }));
  return {
    cluster: owned(stored(cluster), 'workload'),
    infrastructureCluster: stored(infrastructureCluster),
    controlPlane: stored(controlPlane, counted(replicas)),
    machines: [
      ...controlPlaneOf(replicas, { version }),
      ...pools.flatMap(({ pool }) =>
        Array.from({ length: pool.replicas ?? 0 }, (_, index) =>
          aMachine(
            `demo-${pool.name}-${index}`,
            {
              ...machineLabels(pool),
              'cluster.x-k8s.io/deployment-name': `demo-${pool.name}`,
            },
            { version },
          ),
        ),
      ),
    ],
    deployments: pools.flatMap(({ pool, objects }) =>
      objects
        .filter(({ kind }) => kind === 'MachineDeployment')
        .map((object) => stored(object, counted(pool.replicas ?? 0))),
    ),
    machineSets: [],
    healthChecks: [],
    templates: [
      stored(controlPlaneMachineTemplate),
      ...pools.flatMap(({ objects }) =>
        objects.filter(({ kind }) => kind !== 'MachineDeployment').map((object) => stored(object)),
      ),
    ],
  };
}

/** aLayer is a layer of manifests. */
export function aLayer(name: string, part: Partial<PlanLayer> = {}): PlanLayer {
  return { name, type: 'cni', installPriority: 100, manifests: `name: ${name}`, ...part };
}

/** wanted are layers without secrets. */
export function wanted(...layers: readonly PlanLayer[]): readonly WantedLayer[] {
  return layers.map((layer) => wantedLayer(layer, {}));
}

/** ready is the state of a layer that is installed completely. */
export function ready({ layer, hash }: WantedLayer, part: Partial<LayerState> = {}): LayerState {
  return { name: layer.name, installed: hash, waitingFor: undefined, failure: undefined, ...part };
}

/** observationOf is the observation of a pass for an input. */
export function observationOf(input: ClusterInput, part: Partial<Observation> = {}): Observation {
  const { profiles: _profiles, ssh: _ssh, ...spec } = input.spec;
  const { authorizedKeys } = input;
  const ssh = { user: input.spec.ssh?.user, authorizedKeys };
  const cluster = jsonOf({ ...spec, ssh });
  return {
    plan: {
      epoch: 1,
      clusterName: input.name,
      handedOver: true,
      cluster: isRecord<Json>(cluster) ? cluster : {},
      layers: [],
    },
    namespace: input.namespace,
    state: running(input),
    complete: true,
    layers: [],
    layerStates: [],
    refused: undefined,
    reported: {},
    ...part,
  };
}

/** THREE is a claim for three control plane machines and a pool of two. */
export const THREE = { controlPlane: { replicas: 3 }, nodePools: [aPool('w', 2)] };

/** complete is a state with its health checks, which needs no action. */
export function complete(patch: JsonObject = THREE): ClusterState {
  const input = anInput(patch);
  return { ...running(input), healthChecks: healthChecks(input).map((check) => stored(check)) };
}

/** namesOf are actions as text, without the hashes in names. */
export function namesOf(actions: readonly Action[]): readonly string[] {
  return actions.map(({ kind, object }) =>
    `${kind} ${object.kind} ${object.metadata.name ?? ''}`.replace(/-[0-9a-f]{8}$/, ''),
  );
}

/** conditionIn is a condition of a report as text. */
export function conditionIn(observation: Observation, type: string): string {
  const found = decide(observation).report.conditions.find((one) => one.type === type);
  return `${found?.status ?? ''} ${found?.reason ?? ''}: ${found?.message ?? ''}`;
}

/** specIn is the spec that actions give to an object of a kind. */
export function specIn(actions: readonly Action[], kind: string): unknown {
  return actions.find(({ object }) => object.kind === kind)?.object['spec'];
}

/** anyObject is an arbitrary object. */
export function anyObject(): KubeObject {
  const apiVersion = 'infrastructure.cluster.x-k8s.io/v1beta2';
  return { apiVersion, kind: 'Any', metadata: { name: 'any' } };
}
