import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import type { Pod, Toleration } from './pod.ts';

/** Taint as in `v1.Taint`. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** What keeps a scheduler from binding a Pod; `PreferNoSchedule` does not, where there is one Node. */
const KEEPING_OFF = ['NoSchedule', 'NoExecute'];

/** NOT_READY is the taint of a Node that has not reported that it is ready. */
export const NOT_READY = 'node.kubernetes.io/not-ready';

/** taintsOf are the taints of a Node. */
export function taintsOf(node: KubeObject | undefined): readonly Taint[] {
  const taints = recordIn(node, 'spec')?.['taints'];
  return Array.isArray(taints) ? (taints as readonly Taint[]) : [];
}

/** untolerated is the first taint of a Node that a Pod does not tolerate, if any. */
export function untolerated(pod: Pod, node: KubeObject | undefined): Taint | undefined {
  const { tolerations = [] } = pod.spec;
  return taintsOf(node)
    .filter(({ effect }) => KEEPING_OFF.includes(effect))
    .find((taint) => !tolerations.some((toleration) => covers(toleration, taint)));
}

function covers({ key = '', operator, value, effect = '' }: Toleration, taint: Taint): boolean {
  if (effect !== '' && effect !== taint.effect) return false;
  if (key === '') return operator === 'Exists';
  if (key !== taint.key) return false;
  return operator === 'Exists' || (value ?? '') === (taint.value ?? '');
}
