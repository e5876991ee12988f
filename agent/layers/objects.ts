import { eachOf } from '../../lib/each-of.ts';
import { LAYERS_NAME } from '../../lib/apis/agent.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import { entryOf, titleOf, wavesOf, type Entry } from '../core/inventory.ts';
import { unready } from '../core/readiness.ts';

/** LAYERS_MANAGER is the field manager of everything that layers apply. */
export const LAYERS_MANAGER = LAYERS_NAME;

/** CONCURRENCY is the maximum number of concurrent requests of a layer, to spare small clusters. */
export const CONCURRENCY = 4;

/** A JOB that was cleaned up after it finished (ttlSecondsAfterFinished) must not run again. */
export const JOB = 'Job';

/** applyObject applies one object of a layer. */
export async function applyObject(api: KubeApi, object: KubeObject): Promise<void> {
  const options = { fieldManager: LAYERS_MANAGER, force: true };
  await wrapError(`apply ${titleOf(entryOf(object))}`, api.apply(object, options));
}

/** LayerProgress is what installed objects wait for, and whether any of them is missing. */
export interface LayerProgress {
  /** The end of "Waiting for …"; undefined when all are ready. */
  readonly waitingFor: string | undefined;
  readonly missing: boolean;
}

/** progressOf reads all objects of a layer. */
export async function progressOf(api: KubeApi, entries: readonly Entry[]): Promise<LayerProgress> {
  const objects = await eachOf(entries, CONCURRENCY, (entry) => find(api, entry));
  const missing = entries.some(({ kind }, index) => objects[index] === undefined && kind !== JOB);
  const waitingFor = objects
    .map((object) => (object === undefined ? undefined : unready(object)))
    .find((why) => why !== undefined);
  return { waitingFor, missing };
}

/** deleteAll deletes the observed objects in reverse order of creation. */
export async function deleteAll(api: KubeApi, objects: readonly KubeObject[]): Promise<void> {
  for (const wave of wavesOf(objects).toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- dependents are deleted first
    await eachOf(wave, CONCURRENCY, async (object) => {
      const { uid } = object.metadata;
      const preconditions = uid === undefined ? {} : { uid };
      const options = { propagationPolicy: 'Background', preconditions } as const;
      await wrapError(`delete ${titleOf(entryOf(object))}`, api.delete(entryOf(object), options));
    });
  }
}

/** found are the objects that exist. */
export async function found(
  api: KubeApi,
  entries: readonly Entry[],
): Promise<readonly KubeObject[]> {
  const objects = await eachOf(entries, CONCURRENCY, (entry) => find(api, entry));
  return objects.filter((object) => object !== undefined);
}

/** A kind that is no longer served has no objects. */
async function find(api: KubeApi, entry: Entry): Promise<KubeObject | undefined> {
  try {
    return await api.get(entry);
  } catch (error) {
    if (isNoMatch(error)) return undefined;
    throw new Error(`cannot read ${titleOf(entry)}`, { cause: error });
  }
}
