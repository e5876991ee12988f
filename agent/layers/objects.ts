import { eachOf } from '../../lib/each-of.ts';
import { LAYERS_NAME } from '../../lib/apis/agent.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { during } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import { entryOf, isOf, wavesOf, type Entry } from '../core/inventory.ts';
import { unready } from '../core/readiness.ts';

/** LAYERS_MANAGER is the field manager of everything that layers apply. */
export const LAYERS_MANAGER = LAYERS_NAME;

/** CONCURRENCY is how many requests a layer has in flight: a cluster of one small machine has other things to do. */
export const CONCURRENCY = 4;

/** Namespaces that a layer may name but never takes away. */
const KEPT_NAMESPACE = /^(default|kube-.*|managed-cluster-system)$/;

/** JOB may be cleaned up when it has ended (ttlSecondsAfterFinished): that is no reason to run it again. */
export const JOB = 'Job';

/** applyObject applies one object of a layer. */
export async function applyObject(api: KubeApi, object: KubeObject): Promise<void> {
  const options = { fieldManager: LAYERS_MANAGER, force: true };
  await during(`apply ${titleOf(entryOf(object))}`, api.apply(object, options));
}

/** Progress is what installed objects wait for, and whether any of them is gone. */
export interface Progress {
  /** The end of "Waiting for …"; undefined when all are ready. */
  readonly waitingFor: string | undefined;
  readonly missing: boolean;
}

/** progressOf looks at all objects of a layer. */
export async function progressOf(api: KubeApi, entries: readonly Entry[]): Promise<Progress> {
  const found = await eachOf(entries, CONCURRENCY, (entry) => find(api, entry));
  const missing = entries.some(({ kind }, index) => found[index] === undefined && kind !== JOB);
  const waitingFor = found
    .map((object) => (object === undefined ? undefined : unready(object)))
    .find((why) => why !== undefined);
  return { waitingFor, missing };
}

/**
 * deleteOwn deletes objects that a layer no longer has, the last made first. What does not bear its
 * label any longer was made anew by somebody else, and stays.
 */
export async function deleteOwn(
  api: KubeApi,
  entries: readonly Entry[],
  layer: string,
): Promise<void> {
  for (const wave of wavesOf(entries).toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- what others need goes after them
    await eachOf(wave.filter(mayGo), CONCURRENCY, async (entry) => {
      const object = await find(api, entry);
      if (object === undefined || !isOf(object, layer)) return;
      const { uid } = object.metadata;
      const preconditions = uid === undefined ? {} : { uid };
      const gone = api.delete(entry, { propagationPolicy: 'Background', preconditions });
      await during(`delete ${titleOf(entry)}`, gone);
    });
  }
}

/** titleOf names an object as a user looks it up. */
export function titleOf({ kind, namespace, name }: Entry): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** A kind that is no longer served has no objects. */
async function find(api: KubeApi, entry: Entry): Promise<KubeObject | undefined> {
  try {
    return await api.get(entry);
  } catch (error) {
    if (isNoMatch(error)) return undefined;
    throw new Error(`cannot look at ${titleOf(entry)}`, { cause: error });
  }
}

function mayGo({ kind, name }: Entry): boolean {
  return kind !== 'Namespace' || !KEPT_NAMESPACE.test(name);
}
