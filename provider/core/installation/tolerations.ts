import type { KubeObject } from '../../../lib/core/object.ts';
import { type Fields, listIn, podSpecOf, withPodSpec } from './json.ts';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/**
 * YOUNG_NODE is what a node has before a CNI and a cloud controller are there; the agent installs
 * both, so it tolerates exactly this. Never `unschedulable` nor a bare `Exists`: a Pod that tolerates
 * those comes back to a node that is being drained (facts/real-nodes.md 8).
 */
export const YOUNG_NODE: readonly Fields[] = [
  { key: CONTROL_PLANE, operator: 'Exists', effect: 'NoSchedule' },
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
 * forOneNode is a Deployment that runs where the only node is a control plane: with the toleration
 * that is missing, if it is. Other kinds stay.
 */
export function forOneNode(object: KubeObject): KubeObject {
  if (object.kind !== 'Deployment') return object;
  const tolerations = listIn(podSpecOf(object), 'tolerations');
  if (tolerations.some(toleratesControlPlane)) return object;
  return withPodSpec(object, {
    tolerations: [...tolerations, { key: CONTROL_PLANE, effect: 'NoSchedule' }],
  });
}

function toleratesControlPlane({ key, effect }: Fields): boolean {
  const sameEffect = effect === undefined || effect === '' || effect === 'NoSchedule';
  return sameEffect && (key === CONTROL_PLANE || key === undefined || key === '');
}
