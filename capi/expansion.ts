import type { KubeObject } from '../lib/core/object.ts';
import { cluster, infrastructureCluster } from './cluster.ts';
import type { ClusterInput } from './cloud.ts';
import { controlPlane } from './control-plane.ts';
import { machineTemplate } from './template.ts';

/** Expansion is the set of Cluster API objects of a cluster and its control plane, by role. */
export interface Expansion {
  readonly cluster: KubeObject;
  readonly infrastructureCluster: KubeObject;
  readonly controlPlane: KubeObject;
  readonly controlPlaneMachineTemplate: KubeObject;
  /** Suffix of the template name: changes if and only if the template changes. */
  readonly templateHash: string;
}

/** firstControlPlane expands the cluster with one control plane machine (CP-A), regardless of the replicas in the claim. */
export function firstControlPlane(input: ClusterInput): Expansion {
  return expansion(input, 1);
}

/** scaledControlPlane expands the cluster with the number of control plane machines in the claim. */
export function scaledControlPlane(input: ClusterInput): Expansion {
  return expansion(input, input.spec.controlPlane.replicas);
}

function expansion(input: ClusterInput, replicas: number): Expansion {
  const template = machineTemplate(input, { kind: 'ControlPlane' });
  return {
    cluster: cluster(input),
    infrastructureCluster: infrastructureCluster(input),
    controlPlane: controlPlane(input, { replicas, machineTemplate: template }),
    controlPlaneMachineTemplate: template,
    templateHash: template.metadata.name.split('-').at(-1) ?? '',
  };
}
