import type { JsonObject } from '../lib/core/object.ts';
import { prune } from '../lib/core/prune.ts';
import type { NodePool } from '../lib/apis/managed-cluster.generated.ts';
import type { ClusterInput, KubeadmParts } from './cloud.ts';
import { cloudOf } from './clouds/index.ts';
import { kubeletLabels } from './node-labels.ts';
import { users } from './ssh.ts';

/** An empty list of taints is legal and means "no taints" (CAPI v1.14 kubeadm_types.go). */
const MEANINGFUL_EMPTIES = ['nodeRegistration.taints'];

/**
 * controlPlaneKubeadm returns `KubeadmControlPlane.spec.kubeadmConfigSpec`. Without the control plane
 * taint (`taints: []`) the agent and the Cluster API providers can run on the first machine.
 */
export function controlPlaneKubeadm(input: ClusterInput): JsonObject {
  const parts = cloudOf(input).kubeadmParts(input, { kind: 'ControlPlane' });
  const { bindPort } = parts;
  const node = {
    nodeRegistration: {
      name: parts.nodeName,
      kubeletExtraArgs: extraArgs(parts.kubeletExtraArgs),
      taints: input.spec.controlPlane.schedulable ? [] : undefined,
    },
    timeouts: { controlPlaneComponentHealthCheckSeconds: parts.componentTimeoutSeconds },
  };
  return prune(
    {
      clusterConfiguration: {
        apiServer: { certSANs: parts.certSANs, extraArgs: extraArgs(parts.apiServerExtraArgs) },
        controllerManager: { extraArgs: extraArgs(parts.controllerManagerExtraArgs) },
      },
      initConfiguration: { ...node, localAPIEndpoint: { bindPort } },
      joinConfiguration: { ...node, controlPlane: { localAPIEndpoint: { bindPort } } },
      ...machineSetup(input, parts),
    },
    MEANINGFUL_EMPTIES,
  );
}

/** workerKubeadm returns `KubeadmConfigTemplate.spec.template.spec` of a node pool. */
export function workerKubeadm(input: ClusterInput, pool: NodePool): JsonObject {
  const parts = cloudOf(input).kubeadmParts(input, { kind: 'Worker', pool });
  const labels = kubeletLabels(pool);
  return prune({
    joinConfiguration: {
      nodeRegistration: {
        name: parts.nodeName,
        kubeletExtraArgs: extraArgs({ ...parts.kubeletExtraArgs, 'node-labels': labels }),
        taints: pool.taints?.map(({ key, value, effect }) => ({ key, value, effect })),
      },
    },
    ...machineSetup(input, parts),
  });
}

function machineSetup(input: ClusterInput, parts: KubeadmParts): JsonObject {
  return {
    files: parts.files,
    users: users(input),
    preKubeadmCommands: parts.preKubeadmCommands,
    postKubeadmCommands: parts.postKubeadmCommands,
  };
}

/** extraArgs returns the list of names and values of v1beta2, sorted to be stable. */
function extraArgs(args: Readonly<Record<string, string>> = {}): readonly JsonObject[] {
  return Object.entries(args)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }));
}
