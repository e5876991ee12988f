import { agentClusterOf } from '../../lib/apis/composed.ts';
import {
  AGENT_NAMESPACE,
  AGENT_PREFIX,
  AGENTS_NAMESPACE,
  agentIdentity,
  HEARTBEAT_SECONDS,
  HEARTBEATS_MISSED,
} from '../../lib/apis/agent.ts';
import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { CLUSTER_LABEL, CLUSTER_NAMESPACE_LABEL } from '../../lib/apis/ownership.ts';
import { type Condition, conditionOf } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { setCondition } from '../../lib/core/set-condition.ts';
import { metaTime } from '../../lib/core/time.ts';
import type { Key, Result } from '../../lib/reconcile/controller.ts';
import { keyOf, keyText } from '../../lib/reconcile/work-queue.ts';
import { writeStatus } from '../../lib/reconcile/write-status.ts';
import type { ControllerParts, ProviderDeps } from '../deps.ts';
import { LeaseClock } from './lease-clock.ts';

const LEASE = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: AGENTS_NAMESPACE,
} as const;

/** An agent that does not renew its Lease for longer than this counts as not connected; milliseconds. */
const SILENT_MS = HEARTBEATS_MISSED * HEARTBEAT_SECONDS * 1000;

/** HeartbeatTiming lets tests replace the clock. */
export interface HeartbeatTiming {
  readonly silentMs: number;
  /** A monotonic clock, in milliseconds. */
  readonly monotonic: () => number;
}

const REAL: HeartbeatTiming = { silentMs: SILENT_MS, monotonic: () => performance.now() };

/**
 * heartbeatController sets AgentConnected to False on a ClusterPlan when its agent stops renewing its
 * Lease. It never sets True; the agent does that itself when it returns.
 */
export function heartbeatController(
  deps: ProviderDeps,
  timing: HeartbeatTiming = REAL,
): ControllerParts {
  const heartbeat = new Heartbeat(deps, timing);
  return {
    reconciler: { name: 'heartbeat', reconcile: (key) => heartbeat.look(key) },
    sources: [
      {
        type: LEASE,
        options: { labelSelector: CLUSTER_LABEL },
        toKeys: (lease) => heartbeat.heard(lease),
      },
      { type: CLUSTER_PLAN, toKeys: (plan) => [keyOf(plan)] },
    ],
  };
}

class Heartbeat {
  readonly #deps: ProviderDeps;
  readonly #timing: HeartbeatTiming;
  readonly #leases = new LeaseClock();
  /** The identity of the agent of each plan that was looked at. */
  readonly #identities = new Map<string, string>();

  constructor(deps: ProviderDeps, timing: HeartbeatTiming) {
    this.#deps = deps;
    this.#timing = timing;
  }

  /**
   * Records a Lease event. Returns a key only for a new Lease: the reconcile is scheduled for the time when the next
   * renewal is overdue, so a renewal causes no request. An agent can change the labels of its Lease, but not its
   * name, so the labels only say which plan to look at.
   */
  heard(lease: KubeObject): readonly Key[] {
    const { name: identity = '', labels } = lease.metadata;
    const [namespace, name] = [labels?.[CLUSTER_NAMESPACE_LABEL], labels?.[CLUSTER_LABEL]];
    if (!identity.startsWith(AGENT_PREFIX)) return [];
    if (namespace === undefined || name === undefined) return [];
    const isNew = this.#leases.saw(identity, renewTimeOf(lease), this.#timing.monotonic());
    return isNew ? [{ namespace, name }] : [];
  }

  async look(key: Key): Promise<Result> {
    const { management } = this.#deps;
    const { silentMs, monotonic } = this.#timing;
    const plan = await this.#reading(key, management.get({ ...CLUSTER_PLAN, ...key }));
    if (plan === undefined || plan.metadata.deletionTimestamp !== undefined) {
      this.#forget(key);
      return {};
    }
    const identity = identityOf(plan);
    this.#identities.set(keyText(key), identity);
    const lease = await this.#reading(key, management.get({ ...LEASE, name: identity }));
    const connected = conditionOf(plan, 'AgentConnected')?.status;
    // An agent that was never there is not silent; the status of its installation reports the progress.
    if (lease === undefined && connected === undefined) return {};
    const now = monotonic();
    this.#leases.saw(identity, renewTimeOf(lease), now);
    const left = silentMs - this.#leases.silence(identity, now);
    if (left > 0) return { requeueAfterMs: left };
    if (connected !== 'False') {
      await writeStatus(management, plan, this.#silentStatus(plan));
      this.#deps.events.event(plan, 'Warning', 'AgentSilent', this.#message(plan));
    }
    // A renewal of the Lease triggers the next reconcile, so no requeue is needed.
    this.#leases.forget(identity);
    return {};
  }

  /** If reading fails, nothing is known about the agent, and the measurement of its silence restarts. */
  async #reading<Found>(key: Key, found: Promise<Found>): Promise<Found> {
    try {
      return await found;
    } catch (error) {
      this.#forget(key);
      throw error;
    }
  }

  #forget(key: Key): void {
    const identity = this.#identities.get(keyText(key));
    if (identity !== undefined) this.#leases.forget(identity);
    this.#identities.delete(keyText(key));
  }

  #silentStatus(plan: KubeObject): Readonly<Record<string, unknown>> {
    const status = recordIn(plan, 'status') ?? {};
    const next = {
      type: 'AgentConnected',
      status: 'False',
      reason: 'AgentSilent',
      message: this.#message(plan),
      observedGeneration: plan.metadata.generation ?? 0,
    } as const;
    const now = metaTime(this.#deps.clock.now());
    return { ...status, conditions: setCondition(conditionsOf(status), next, now) };
  }

  #message(plan: KubeObject): string {
    const { managementEndpoint } = this.#deps.options;
    return `The agent has not renewed Lease ${AGENTS_NAMESPACE}/${identityOf(plan)} for ${this.#timing.silentMs / 1000} s. The cluster keeps running, but changes are not applied. Check that the Pods in namespace ${AGENT_NAMESPACE} of the cluster are running and can reach ${managementEndpoint}.`;
  }
}

function identityOf(plan: KubeObject): string {
  return agentIdentity(agentClusterOf(plan, plan.metadata.name ?? ''));
}

function conditionsOf(status: Readonly<Record<string, unknown>>): readonly Condition[] {
  const { conditions } = status;
  return Array.isArray(conditions) ? conditions : [];
}

function renewTimeOf(lease: KubeObject | undefined): string {
  const time = recordIn(lease, 'spec')?.['renewTime'];
  return typeof time === 'string' ? time : '';
}
