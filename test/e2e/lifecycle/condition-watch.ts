import { setTimeout as sleep } from 'node:timers/promises';
import type { Condition } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { KubeApi, ObjectRef, TypeRef } from '../../../lib/kube/api.ts';
import { isNoMatch } from '../../../lib/kube/errors.ts';

const LOOK_MS = 100;

/** ConditionWatch writes down what an object's conditions were, moment by moment. */
export interface ConditionWatch {
  /** Every status that each condition had, in order, such as `Available: True, False`. */
  seen(): readonly string[];
  stop(): Promise<void>;
}

/**
 * watchConditions follows an object on one side as long as `until` is not true of it. Moments
 * without any condition are left out: a copy has none before its status is restored.
 */
export function watchConditions(
  api: KubeApi,
  ref: ObjectRef,
  until: (object: KubeObject) => boolean = () => false,
): ConditionWatch {
  const statuses = new Map<string, string[]>();
  const abort = new AbortController();
  let over = false;
  const { name, ...type } = ref;
  const ended = served(api, type, abort.signal).then(() =>
    api.watch(
      type,
      ({ type: change, object }) => {
        if (change === 'SYNCED') return; // its object is none
        over ||= until(object);
        if (!over) for (const { type: of, status } of conditionsOf(object)) note(of, status);
      },
      { signal: abort.signal, fieldSelector: `metadata.name=${name}` },
    ),
  );
  function note(type_: string, status: string): void {
    const all = statuses.get(type_) ?? [];
    if (all.at(-1) !== status) all.push(status);
    statuses.set(type_, all);
  }
  return {
    seen: () => [...statuses].map(([type_, all]) => `${type_}: ${all.join(', ')}`).toSorted(),
    async stop() {
      abort.abort();
      await ended;
    },
  };
}

/** The back-off of a watch would miss the first moments of a kind that comes only with the providers. */
async function served(api: KubeApi, type: TypeRef, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await api.list(type);
      return;
    } catch (error) {
      if (!isNoMatch(error)) throw error;
      // oxlint-disable-next-line no-await-in-loop -- the pause between two looks
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

function conditionsOf(object: KubeObject): readonly Condition[] {
  const conditions = recordIn(object, 'status')?.['conditions'];
  return Array.isArray(conditions) ? (conditions as readonly Condition[]) : [];
}
