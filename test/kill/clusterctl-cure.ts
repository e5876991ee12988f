import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { otherSide, type Side } from '../oracle/audit-event.ts';
import type { Arena } from './arena.ts';
import { CLUSTER, inventory, type Subject } from './subject.ts';

/**
 * cureByHand is what a human has to do after a cut-off move (facts/e2e.md 7): the side that is
 * complete stays, the other one's objects go without being reconciled, and the pause is taken off.
 * Returns the side on which the cluster is then.
 */
export async function cureByHand(
  arena: Arena,
  subject: Subject,
  { from, complete }: { readonly from: Side; readonly complete: number },
): Promise<Side> {
  const to = otherSide(from);
  const source = await inventory(arena.sites[from].api, subject);
  const keep = source.objects.length >= complete ? from : to;
  await strip(arena.sites[otherSide(keep)].api, subject);
  const cluster = { ...CLUSTER, namespace: subject.name, name: subject.name };
  await arena.sites[keep].api.patch(cluster, { spec: { paused: null } });
  return keep;
}

/** Takes finalizers off and deletes, until nothing is left; owners are paused meanwhile. */
async function strip(api: KubeApi, subject: Subject): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- until nothing is left
    const { objects } = await inventory(api, subject);
    if (objects.length === 0) return;
    // oxlint-disable-next-line no-await-in-loop -- until nothing is left
    await Promise.all(objects.map((object) => remove(api, object)));
    // oxlint-disable-next-line no-await-in-loop -- until nothing is left
    await sleep(100);
  }
  throw new Error(`cannot strip cluster ${subject.name}: objects are left`);
}

async function remove(api: KubeApi, { apiVersion, kind, metadata }: KubeObject): Promise<void> {
  const { namespace = '', name = '' } = metadata;
  const ref = { apiVersion, kind, namespace, name };
  await api.delete(ref, { propagationPolicy: 'Background' });
  const stays = await api.get(ref);
  if (stays === undefined) return;
  await api.patch(ref, { metadata: { finalizers: null } }).catch(() => undefined); // it may be gone
}
