import type { ClusterInput } from './cloud.ts';
import type { Manifest } from './manifest.ts';
import { CONTROL_PLANE, referenceTo } from './kinds.ts';
import { controlPlaneKubeadm } from './kubeadm.ts';
import { heldLabels } from './labels.ts';
import { controlPlaneName } from './object-names.ts';
import { overridden } from './overrides.ts';
import type { Template } from './template.ts';

/**
 * How long a control plane machine is drained before it is replaced anyway, in seconds. Without a
 * bound a PodDisruptionBudget on the only schedulable machine would stop every upgrade for ever.
 */
const DRAIN_SECONDS = 600;

/** ControlPlaneSize says how many machines there shall be, and what they are made from. */
export interface ControlPlaneSize {
  readonly replicas: number;
  readonly machineTemplate: Template;
}

/** controlPlane is the KubeadmControlPlane. */
export function controlPlane(
  input: ClusterInput,
  { replicas, machineTemplate }: ControlPlaneSize,
): Manifest {
  const { spec, namespace } = input;
  return overridden(input, {
    ...CONTROL_PLANE,
    metadata: { name: controlPlaneName(input), namespace, labels: heldLabels(input) },
    spec: {
      replicas,
      version: spec.kubernetes.version,
      machineTemplate: {
        spec: {
          infrastructureRef: referenceTo(machineTemplate, machineTemplate.metadata.name),
          deletion: { nodeDrainTimeoutSeconds: DRAIN_SECONDS },
        },
      },
      kubeadmConfigSpec: controlPlaneKubeadm(input),
      rollout: { before: { certificatesExpiryDays: spec.certificates.renewBeforeDays } },
    },
  });
}
