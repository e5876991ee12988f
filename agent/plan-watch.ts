import type { ClusterPlan } from '../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PLAN } from '../lib/apis/kinds.ts';
import { type KubeObject, isRecord } from '../lib/core/object.ts';
import { messageOf } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import type { Logger } from '../lib/log.ts';

/** PlanWatch follows the one plan of this cluster in an API server. */
export interface PlanWatch {
  /** The plan as last seen; undefined when there is none, or none was seen yet. */
  readonly plan: () => ClusterPlan | undefined;
  /** Whether a whole list has come since the start. */
  readonly hasSynced: () => boolean;
  /** Looks again at once: a watch that failed for long waits for up to 30 s. */
  readonly again: () => void;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** PlanWatchOptions say which plan, and whom to tell of changes. */
export interface PlanWatchOptions {
  readonly namespace: string;
  readonly name: string;
  readonly log: Logger;
  readonly onChange: () => void;
}

/** createPlanWatch prepares the watch of one plan; nothing is asked before it runs. */
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
    if (message !== complained) log.info({ error: message, namespace }, 'plan can not be watched');
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

/** The API server has checked the rest against the schema. */
function isPlan(object: KubeObject): object is ClusterPlan {
  return isRecord(object['spec']) && Array.isArray(object['spec']['layers']);
}
