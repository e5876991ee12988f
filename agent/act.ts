import { AGENT_NAME } from '../lib/apis/agent.ts';
import { label } from '../capi/gates.ts';
import type { KubeObject } from '../lib/core/object.ts';
import { wrapError } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { refOf } from '../lib/kube/addresses.ts';
import type { Action } from './core/cluster-state.ts';
import { ownershipStateOf } from './core/ownership-state.ts';

/** AGENT_MANAGER is the field manager of the agent; a pivot transfers the ownership of Crossplane's fields to it. */
export const AGENT_MANAGER = AGENT_NAME;

/**
 * act performs actions one after the other. It reads the Cluster again before the first action: the
 * watch cache may be stale, and nothing may be changed after a pivot has started. Every write has the
 * resourceVersion that the decision was based on. Returns the number of writes.
 */
export async function act(
  api: KubeApi,
  actions: readonly Action[],
  cluster: KubeObject | undefined,
): Promise<number> {
  if (actions.length === 0 || cluster === undefined) return 0;
  const now = await wrapError(`read ${label(cluster, 'Cluster')}`, api.get(refOf(cluster)));
  if (ownershipStateOf(now, true) !== 'Ours') return 0;
  for (const action of actions) {
    // oxlint-disable-next-line no-await-in-loop -- referenced objects come first
    await carryOut(api, action);
  }
  return actions.length;
}

async function carryOut(api: KubeApi, { kind, object }: Action): Promise<void> {
  const name = label(object, object.kind);
  if (kind === 'Apply') {
    const options = { fieldManager: AGENT_MANAGER, force: true };
    await wrapError(`apply ${name}`, api.apply(object, options));
    return;
  }
  const { uid, resourceVersion } = object.metadata;
  const preconditions = {
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  await wrapError(`delete ${name}`, api.delete(refOf(object), { preconditions }));
}
