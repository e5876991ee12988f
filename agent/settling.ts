import type { ClusterPlan } from '../lib/apis/cluster-plan.generated.ts';
import type { Copy } from './core/plan-copy.ts';
import { specHash } from './core/plan-lineage.ts';

/**
 * Settling measures for how long a restored management side has shown the same plan. It begins when the agent first sees
 * that the management side has forgotten what the cluster follows; a connection that breaks meanwhile changes nothing.
 */
export class Settling {
  readonly #monotonic: () => number;
  #seen: { readonly plan: string; readonly since: number } | undefined;

  /** `monotonic` is a clock that cannot jump, in milliseconds. */
  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** Milliseconds since the plan was first seen so; 0 for one that was not. */
  unchangedMs(plan: ClusterPlan | undefined): number {
    return this.#seen !== undefined && this.#seen.plan === idOf(plan)
      ? this.#monotonic() - this.#seen.since
      : 0;
  }

  /** Notes what was decided about the plan. An offer may get lost, and is made again. */
  note(plan: ClusterPlan | undefined, copy: Copy): void {
    if (copy.kind === 'Offer') return;
    if (copy.kind !== 'Ignore' || copy.reason !== 'ManagementRestored') this.#seen = undefined;
    else if (this.#seen?.plan !== idOf(plan)) {
      this.#seen = { plan: idOf(plan), since: this.#monotonic() };
    }
  }
}

/** With the content: an API server that was set back gives the same generation again. */
function idOf(plan: ClusterPlan | undefined): string {
  const { uid = '', generation = 0 } = plan?.metadata ?? {};
  return `${uid}/${generation}/${plan === undefined ? '' : specHash(plan.spec)}`;
}
