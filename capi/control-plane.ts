import type { ClusterInput } from './cloud.ts';
import type { Manifest } from './manifest.ts';
import { CONTROL_PLANE, referenceTo } from './kinds.ts';
import { controlPlaneKubeadm } from './kubeadm.ts';
import { heldLabels } from './labels.ts';
import { controlPlaneName } from './object-names.ts';
import { overridden } from './overrides.ts';
import type { Template } from './template.ts';

/**
 * Drain timeout of a control plane machine, in seconds. Without a timeout, a PodDisruptionBudget on the
 * only schedulable machine would block every upgrade.
 */
const DRAIN_SECONDS = 600;

/** ControlPlaneSize is the number of control plane machines and their template. */
export interface ControlPlaneSize {
  readonly replicas: number;
  readonly machineTemplate: Template;
}

/** controlPlane returns the KubeadmControlPlane. */
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
