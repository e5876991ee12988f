import type { KubeObject } from '../lib/core/object.ts';
import { cluster, infrastructureCluster } from './cluster.ts';
import type { ClusterInput } from './cloud.ts';
import { controlPlane } from './control-plane.ts';
import { machineTemplate } from './template.ts';

/** Expansion is a cluster with its control plane as Cluster API objects, by what they are for. */
export interface Expansion {
  readonly cluster: KubeObject;
  readonly infrastructureCluster: KubeObject;
  readonly controlPlane: KubeObject;
  readonly controlPlaneMachineTemplate: KubeObject;
  /** End of the template's name: changes exactly when the template does. */
  readonly templateHash: string;
}

/** firstControlPlane is the cluster with one control plane machine (CP-A), whatever the claim wants. */
export function firstControlPlane(input: ClusterInput): Expansion {
  return expansion(input, 1);
}

/** scaledControlPlane is the cluster with as many control plane machines as the claim wants. */
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
