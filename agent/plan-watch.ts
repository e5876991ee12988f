import type { ClusterPlan } from '../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PLAN } from '../lib/apis/kinds.ts';
import { type KubeObject, isRecord } from '../lib/core/object.ts';
import { messageOf } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import type { Logger } from '../lib/log.ts';

/** PlanWatch watches the plan of this cluster in an API server. */
export interface PlanWatch {
  /** The last observed plan; undefined when none exists or none was observed yet. */
  readonly plan: () => ClusterPlan | undefined;
  /** Whether a list was completed since the start. */
  readonly hasSynced: () => boolean;
  /** Retries immediately: a failed watch backs off for up to 30 s. */
  readonly again: () => void;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** PlanWatchOptions are the plan to watch, and the callback for changes. */
export interface PlanWatchOptions {
  readonly namespace: string;
  readonly name: string;
  readonly log: Logger;
  readonly onChange: () => void;
}

/** createPlanWatch creates the watch of one plan; it sends no request before it runs. */
export function createPlanWatch(api: KubeApi, options: PlanWatchOptions): PlanWatch {
  const { namespace, name, log, onChange } = options;
  let seen: ClusterPlan | undefined;
  let synced = false;
  let complained = '';
  let attempt = new AbortController();

  function take(type: string, object: KubeObject): void {
    complained = '';
    if (type === 'SYNCED') synced = true;
    else if (type === 'DELETED') seen = undefined;
    else if (isPlan(object)) seen = object;
    onChange();
  }

  function complain(error: unknown): void {
    const message = messageOf(error);
    if (message !== complained) log.info({ error: message, namespace }, 'cannot watch the plan');
    complained = message;
  }

  return {
    plan: () => seen,
    hasSynced: () => synced,
    again: () => attempt.abort(),
    async run(signal): Promise<void> {
      while (!signal.aborted) {
        attempt = new AbortController();
        // oxlint-disable-next-line no-await-in-loop -- one watch after the other
        await api.watch({ ...CLUSTER_PLAN, namespace }, ({ type, object }) => take(type, object), {
          fieldSelector: `metadata.name=${name}`,
          signal: AbortSignal.any([signal, attempt.signal]),
          onError: complain,
        });
      }
    },
  };
}

/** The API server has validated the rest against the schema. */
function isPlan(object: KubeObject): object is ClusterPlan {
  return isRecord(object['spec']) && Array.isArray(object['spec']['layers']);
}
