import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { type Copy, copyOf, SETTLED_MS } from '../core/plan-copy.ts';
import {
  ACCEPT_PLAN_ANNOTATION,
  acceptanceOf,
  type Lineage,
  LINEAGE_ANNOTATION,
} from '../core/plan-lineage.ts';

/** PlanHistory is a management side with one plan that is changed, backed up and restored, and the agent that follows it. */
export class PlanHistory {
  /** On the management side. */
  plan: ClusterPlan = planOf(1, 1);
  /** Inside. */
  local: ClusterPlan | undefined;
  /** The last decision of the agent. */
  last: Copy = { kind: 'Current' };
  /** What the agent cannot see: all that the management side remembers to have asked for, and which of it is what the cluster has. */
  past: readonly string[] = ['1'];
  follows: readonly string[] = ['1'];
  readonly #backups: { readonly plan: ClusterPlan; readonly past: readonly string[] }[] = [];

  /** What the cluster has. */
  get pools(): unknown {
    return this.local?.spec.cluster['pools'];
  }

  /** The claim changes to so many pools. */
  claim(pools: number): void {
    if (this.plan.spec.cluster['pools'] === pools) return;
    const { metadata } = this.plan;
    const generation = (metadata.generation ?? 0) + 1;
    this.plan = {
      ...this.plan,
      metadata: { ...metadata, generation },
      spec: specOf(pools),
    };
    this.past = [...this.past, `${this.#latest()} ${pools}`];
  }

  /** Puts the plan as it is into the vault. */
  backup(): void {
    this.#backups.push({ plan: this.plan, past: this.past });
  }

  /** One of the backups comes back; those that were made since stay in the vault. */
  restore(which: number): void {
    const { plan, past } = this.#backups[which % this.#backups.length] ?? this;
    [this.plan, this.past] = [plan, past];
  }

  /** A tool that restores objects makes them anew, without status. */
  recreate(which: number): void {
    this.restore(which);
    const { metadata, ...rest } = this.plan;
    const uid = `${metadata.uid}'`;
    this.plan = { ...rest, metadata: { ...metadata, uid, generation: 1 }, status: {} };
  }

  /** A user accepts the plan as it is. */
  accept(): void {
    const { metadata } = this.plan;
    const link = this.local?.metadata.annotations?.[LINEAGE_ANNOTATION] ?? '';
    const annotations = { [ACCEPT_PLAN_ANNOTATION]: acceptanceOf(this.plan, link) };
    this.plan = { ...this.plan, metadata: { ...metadata, annotations } };
  }

  /** One pass of the agent; `reports` is false when the link breaks before the report, `unchangedMs` how long the plan is as it is. */
  pass({ reports = true, unchangedMs = SETTLED_MS } = {}): void {
    this.last = copyOf({ plan: this.plan, unchangedMs }, this.local, 'home');
    const { last } = this;
    if (last.kind === 'Create' || last.kind === 'Replace') {
      this.local = asPlan(last.object);
      this.follows = [this.#latest()];
    }
    if (last.kind === 'Offer' && reports) this.#offered(last.lineage);
  }

  #offered(lineage: Lineage): void {
    const { parent, head } = this.plan.status?.lineage ?? {};
    const isForgotten = ![parent, head].includes(lineage.parent);
    // They have one past again: the claim asks for what the cluster has.
    if (isForgotten && this.pools === this.plan.spec.cluster['pools']) {
      this.follows = [...this.follows, this.#latest()];
    }
    this.plan = { ...this.plan, status: { ...this.plan.status, lineage } };
  }

  /** All that was asked for, up to the present plan. */
  #latest(): string {
    return this.past.at(-1) ?? '';
  }

  /** Whether the past of the plan has what the cluster has, so that the plan leaves out nothing by accident. */
  isSuccessor(): boolean {
    return this.follows.some((asked) => this.past.includes(asked));
  }

  /** Enough passes for everything that follows from the plan. */
  settle(unchangedMs = SETTLED_MS): void {
    for (let pass = 0; pass < 4; pass += 1) this.pass({ unchangedMs });
  }
}

/** specOf is a plan whose content is a number. */
export function specOf(pools: number): ClusterPlan['spec'] {
  return { epoch: 2, clusterName: 'demo', cluster: { pools }, layers: [] };
}

function planOf(generation: number, pools: number): ClusterPlan {
  return {
    ...CLUSTER_PLAN,
    metadata: { name: 'demo', namespace: 'ns', uid: 'u', generation },
    spec: specOf(pools),
  };
}

function asPlan(object: Readonly<Record<string, unknown>>): ClusterPlan {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made from plans
  return object as unknown as ClusterPlan;
}
