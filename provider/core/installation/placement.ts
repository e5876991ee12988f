import type { KubeObject } from '../../../lib/core/object.ts';
import { type Fields, listIn, podSpecOf, withPodSpec } from './json.ts';

/** CONTROL_PLANE_ROLE is a label of control plane nodes, and the key of their taint (kubeadm). */
export const CONTROL_PLANE_ROLE = 'node-role.kubernetes.io/control-plane';

/** TOLERATE_CONTROL_PLANE lets a Pod be scheduled to a control plane node. */
export const TOLERATE_CONTROL_PLANE: Fields = {
  key: CONTROL_PLANE_ROLE,
  operator: 'Exists',
  effect: 'NoSchedule',
};

/** Near the API server, where no pool that is scaled away takes them with it. */
export const PREFER_CONTROL_PLANE: Fields = {
  preferredDuringSchedulingIgnoredDuringExecution: [
    {
      weight: 100,
      preference: { matchExpressions: [{ key: CONTROL_PLANE_ROLE, operator: 'Exists' }] },
    },
  ],
};

/**
 * YOUNG_NODE is what a node has before a CNI and a cloud controller are there; the agent installs
 * both, so it tolerates exactly this. Never `unschedulable` nor a bare `Exists`: a Pod that tolerates
 * those comes back to a node that is being drained (facts/real-nodes.md 8).
 */
export const YOUNG_NODE: readonly Fields[] = [
  TOLERATE_CONTROL_PLANE,
  // Both effects: the young node may neither refuse nor evict it.
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists' },
  {
    key: 'node.cloudprovider.kubernetes.io/uninitialized',
    operator: 'Exists',
    effect: 'NoSchedule',
  },
  { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' },
];

/**
 * forControlPlane is a Deployment that runs on control plane nodes where it can: with the toleration
 * that is missing, if it is, so that it runs where the only node is one; and preferring them unless it
 * says where it wants to be, because their images are kept there (image-keeper.ts). Other kinds stay.
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
