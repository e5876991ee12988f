import type { ClusterPlan, ClusterPlanSpec } from '../lib/apis/cluster-plan.generated.ts';
import type { PlanAcceptedReason } from '../lib/apis/reasons/cluster-plan.ts';
import type { NextCondition } from '../lib/core/set-condition.ts';
import { causesOf, wrapError, messageOf } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { isConflict, isUnreachable, StatusError } from '../lib/kube/errors.ts';
import type { Logger } from '../lib/log.ts';
import { act, AGENT_MANAGER } from './act.ts';
import { decide, type Decision, type Observation } from './core/decide.ts';
import { copyOf, observedGeneration, type Copy } from './core/plan-copy.ts';
import type { Offer, Report } from './core/report.ts';
import { type PlanReading, readPlan } from './core/wanted-cluster.ts';
import type { LayerEngine } from './layers/engine.ts';
import type { Observed } from './observed.ts';
import { Settling } from './settling.ts';

/** PassParts are the dependencies of a pass. */
export interface PassParts {
  readonly local: KubeApi;
  /** Namespace of the local copy of the plan. */
  readonly home: string;
  /** Namespace of the cluster, the same on both sides. */
  readonly namespace: string;
  readonly shown: () => ClusterPlan | undefined;
  readonly copied: () => ClusterPlan | undefined;
  /** Whether the existence of a local copy is known. */
  readonly copyKnown: () => boolean;
  readonly observed: () => Observed | undefined;
  readonly engine: LayerEngine;
  readonly say: (report: Report, observedGeneration: number | undefined, offer?: Offer) => void;
  readonly log: Logger;
}

/** Resync interval without events, in milliseconds. */
const BUSY_MS = 1000;
const IDLE_MS = 30_000;

const NOTHING = {
  cluster: undefined,
  infrastructureCluster: undefined,
  controlPlane: undefined,
  machines: [],
  deployments: [],
  machineSets: [],
  healthChecks: [],
  templates: [],
};

/** Pass is one reconciliation of the agent: copy the plan, observe, decide, act, report. */
export class Pass {
  readonly #parts: PassParts;
  readonly #settling = new Settling();
  /** The error of the API server if it rejected the last write. */
  #refused: string | undefined;
  /** The expansion of the last plan, which is most of the work of a pass. */
  #lastPlan: { readonly plan: ClusterPlanSpec; readonly wanted: PlanReading } | undefined;
  /** The local copy that was replaced by the last write, and the version of its successor. */
  #replaced: { readonly copy: ClusterPlan | undefined; readonly version: string } | undefined;

  constructor(parts: PassParts) {
    this.#parts = parts;
  }

  /** Runs one pass; returns the milliseconds until the next one without events. */
  async run(): Promise<number> {
    const { copyKnown, copied, engine, say, log } = this.#parts;
    if (!copyKnown()) return BUSY_MS;
    const shown = this.#parts.shown();
    const copy = await this.#copyPlan(shown);
    const plan = copied();
    if (plan === undefined) return IDLE_MS;
    const decision = await this.#decide(plan);
    const offer = copy.kind === 'Offer' ? { plan: shown, lineage: copy.lineage } : undefined;
    say(withPlan(decision.report, copy), observedGeneration(plan), offer);
    engine.carryOut(decision.layers);
    const wrote = await this.#act(decision);
    if (wrote > 0) log.info({ writes: wrote, side: decision.ownership }, 'machines changed');
    const busy = wrote > 0 || this.#refused !== undefined || !isSettled(decision);
    if (busy) return BUSY_MS;
    return copy.kind === 'Ignore' ? Math.min(IDLE_MS, copy.againMs ?? IDLE_MS) : IDLE_MS;
  }

  /** Copies the plan of the management side to the local copy, if the decision allows it. */
  async #copyPlan(shown: ClusterPlan | undefined): Promise<Copy> {
    const { local, home, copied, log } = this.#parts;
    const present = copied();
    if (this.#isBehind(present)) return { kind: 'Current' };
    const unchangedMs = this.#settling.unchangedMs(shown);
    const copy = copyOf({ plan: shown, unchangedMs }, present, home);
    this.#settling.note(shown, copy);
    if (copy.kind !== 'Create' && copy.kind !== 'Replace') return copy;
    const { object, kind } = copy;
    const options = { fieldManager: AGENT_MANAGER };
    const written =
      kind === 'Create' ? local.create(object, options) : local.replace(object, options);
    const { metadata } = await wrapError('copy the plan', written);
    this.#replaced = { copy: present, version: metadata.resourceVersion ?? '' };
    log.info({ generation: observedGeneration(object) }, 'plan copied');
    return copy;
  }

  /** Whether the cache still has the copy that was replaced: what follows from it would not follow from its successor. */
  #isBehind(present: ClusterPlan | undefined): boolean {
    const replaced = this.#replaced;
    if (replaced === undefined || replaced.copy !== present) return false;
    return present?.metadata.resourceVersion !== replaced.version;
  }

  async #decide(plan: ClusterPlan): Promise<Decision> {
    const { engine, observed, namespace } = this.#parts;
    const layers = await engine.wanted(plan.spec);
    const watched = observed();
    const { controlPlane, nodePools } = plan.status ?? {};
    const observation: Observation = {
      plan: plan.spec,
      namespace,
      state: watched?.state() ?? NOTHING,
      complete: watched?.isComplete() ?? false,
      layers,
      layerStates: await engine.states(layers),
      refused: this.#refused,
      reported: {
        ...(controlPlane === undefined ? {} : { controlPlane }),
        ...(nodePools === undefined ? {} : { nodePools }),
      },
    };
    return decide(observation, this.#readPlan(plan.spec));
  }

  /** Caches the expansion while the plan is unchanged. */
  #readPlan(plan: ClusterPlanSpec): PlanReading {
    if (this.#lastPlan?.plan !== plan) {
      this.#lastPlan = { plan, wanted: readPlan(plan, this.#parts.namespace) };
    }
    return this.#lastPlan.wanted;
  }

  async #act({ actions }: Decision): Promise<number> {
    const { local, observed, log } = this.#parts;
    try {
      const wrote = await act(local, actions, observed()?.state().cluster);
      this.#refused = undefined;
      return wrote;
    } catch (error) {
      if (isConflict(error) || isUnreachable(error)) {
        log.debug({ error: messageOf(error) }, 'write conflict, retrying with a new observation');
        return 1;
      }
      const refusal = causesOf(error).find((cause) => cause instanceof StatusError);
      if (refusal === undefined) throw error;
      const message = messageOf(error);
      if (message !== this.#refused) log.warn({ error: message }, 'write rejected');
      this.#refused = message;
      return 0;
    }
  }
}

function isSettled({ layers, report }: Decision): boolean {
  return (
    layers.install.length === 0 &&
    layers.remove.length === 0 &&
    layers.reports.every(({ phase }) => phase === 'Ready') &&
    report.conditions.every(({ status }) => status === 'True')
  );
}

function withPlan(report: Report, copy: Copy): Report {
  const condition = { type: 'PlanAccepted', ...accepted(copy) };
  return { ...report, conditions: [...report.conditions, condition] };
}

function accepted(copy: Copy): Omit<NextCondition<PlanAcceptedReason>, 'type'> {
  switch (copy.kind) {
    case 'Ignore':
      return { status: 'False', reason: copy.reason, message: copy.message };
    case 'ChangedInside':
      return { status: 'True', reason: 'ChangedInside', message: copy.message };
    case 'Offer':
      return {
        status: 'True',
        reason: 'Accepted',
        message:
          'The agent takes this plan as soon as status.lineage is recorded on the management side',
      };
    case 'Current':
    case 'Create':
    case 'Replace':
      return { status: 'True', reason: 'Accepted', message: 'The agent follows this plan' };
  }
}
