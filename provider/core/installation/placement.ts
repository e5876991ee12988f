import type { KubeObject } from '../../../lib/core/object.ts';
import { type Fields, listIn, podSpecOf, withPodSpec } from './json.ts';

/** CONTROL_PLANE_ROLE is the label of control plane nodes and the key of their taint (kubeadm). */
export const CONTROL_PLANE_ROLE = 'node-role.kubernetes.io/control-plane';

/** TOLERATE_CONTROL_PLANE allows a Pod to run on a control plane node. */
export const TOLERATE_CONTROL_PLANE: Fields = {
  key: CONTROL_PLANE_ROLE,
  operator: 'Exists',
  effect: 'NoSchedule',
};

/** Runs the Pod near the API server, where scaling down a node pool cannot evict it. */
export const PREFER_CONTROL_PLANE: Fields = {
  preferredDuringSchedulingIgnoredDuringExecution: [
    {
      weight: 100,
      preference: { matchExpressions: [{ key: CONTROL_PLANE_ROLE, operator: 'Exists' }] },
    },
  ],
};

/**
 * YOUNG_NODE lists the taints of a node before its CNI and cloud controller run. The agent installs both,
 * so it tolerates exactly these taints. It must not tolerate `unschedulable` or use a bare `Exists`: such a
 * Pod would be rescheduled to a node that is being drained (facts/real-nodes.md 8).
 */
export const YOUNG_NODE: readonly Fields[] = [
  TOLERATE_CONTROL_PLANE,
  // Both effects, so that the new node neither rejects nor evicts the agent.
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists' },
  {
    key: 'node.cloudprovider.kubernetes.io/uninitialized',
    operator: 'Exists',
    effect: 'NoSchedule',
  },
  { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' },
];

/**
 * forControlPlane returns a Deployment that can run on control plane nodes: it adds the toleration if it is
 * missing, so that the Deployment runs on a single-node cluster, and prefers these nodes unless the
 * Deployment has its own affinity, because its images are kept there (image-keeper.ts). Other kinds are
 * unchanged.
 */
export function forControlPlane(object: KubeObject): KubeObject {
  if (object.kind !== 'Deployment') return object;
  const podSpec = podSpecOf(object);
  const tolerations = listIn(podSpec, 'tolerations');
  return withPodSpec(object, {
    ...(tolerations.some(toleratesControlPlane)
      ? {}
      : { tolerations: [...tolerations, { key: CONTROL_PLANE_ROLE, effect: 'NoSchedule' }] }),
    ...(podSpec?.['affinity'] === undefined
      ? { affinity: { nodeAffinity: PREFER_CONTROL_PLANE } }
      : {}),
  });
}

function toleratesControlPlane({ key, effect }: Fields): boolean {
  const sameEffect = effect === undefined || effect === '' || effect === 'NoSchedule';
  return sameEffect && (key === CONTROL_PLANE_ROLE || key === undefined || key === '');
}
