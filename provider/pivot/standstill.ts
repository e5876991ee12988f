import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { done, wait, type Outcome } from '../../lib/reconcile/outcome.ts';
import { graphOf, type Graph } from '../core/pivot/graph.ts';
import { typeKey } from '../core/pivot/move-types.ts';
import { moving, pausingKinds, standstillWait } from '../core/pivot/standstill.ts';
import { kindsOf } from './objects.ts';
import type { Scope } from './scope.ts';
import { triggerReconcile } from './trigger-reconcile.ts';
import { watched, type Watched } from './watched.ts';

/** So long the watches may take to begin. */
const SYNC_MS = 5000;

/** A controller that says nothing new for so long has come to a stop. */
const SLICE_MS = 1000;

/** After so many slices a pass that waits for the standstill listens whether it shall go on. */
const LISTENING = 5;

/** So many slices are one pass: to begin another costs a list of every kind. */
const SLICES = 20;

/**
 * Standstill waits until the controllers of a fenced cluster say that they stand still. Those that are getting
 * on with it are left alone, those that have come to a stop are woken.
 */
export class Standstill {
  readonly #scope: Scope;
  readonly #api: KubeApi;
  readonly #kinds: ReadonlySet<string>;
  readonly #watching: Watched;
  /** Whose controller has not said it yet, as of the last look; undefined before the first. */
  #late: readonly KubeObject[] | undefined;

  /** Begins to watch the objects that will say so. */
  constructor(scope: Scope, api: KubeApi, { objects }: Graph) {
    this.#scope = scope;
    this.#api = api;
    this.#kinds = pausingKinds(objects);
    const pausing = objects.filter((object) => this.#kinds.has(typeKey(object)));
    const { signal, cluster } = scope;
    this.#watching = watched(api, kindsOf(pausing), { namespace: cluster.namespace, signal });
  }

  /** Resolves when nothing that happens from now on is missed. */
  synced(): Promise<void> {
    return this.#watching.synced(SYNC_MS);
  }

  /** Waits as long as nobody changes the Pivot, for example to abort. */
  async reached(): Promise<Outcome> {
    for (let slice = 1; ; slice += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one slice after the other
      const { missing, stuck } = await this.#slice();
      if (missing === undefined) return done;
      const open = wait(missing.reason, missing.message, 0);
      if (slice === SLICES || this.#scope.signal.aborted) return open;
      // oxlint-disable-next-line no-await-in-loop -- see above
      if (stuck.length > 0) await this.#wake(stuck);
      // oxlint-disable-next-line no-await-in-loop -- see above
      if (slice % LISTENING === 0 && (await this.#isPivotChanged())) return open;
    }
  }

  /** Ends the watches; nothing is left running. */
  end(): Promise<void> {
    return this.#watching.end();
  }

  async #slice(): Promise<Slice> {
    let before = this.#late?.length;
    let late: readonly KubeObject[] = [];
    const missing = await this.#watching.until((objects) => {
      const graph = graphOf(this.#scope.cluster.name, objects)?.objects ?? [];
      late = moving(graph, this.#kinds);
      before ??= late.length;
      return standstillWait(graph, this.#kinds);
    }, SLICE_MS);
    this.#late = late;
    return { missing, stuck: late.length === before ? late : [] };
  }

  #wake(late: readonly KubeObject[]): Promise<void> {
    return wrapError('trigger the controllers of the source', triggerReconcile(this.#api, late));
  }

  async #isPivotChanged(): Promise<boolean> {
    const { record, deps } = this.#scope;
    const { metadata } = (await deps.management.get(refOf(record.object))) ?? {};
    const { generation } = record.object.metadata;
    return metadata?.generation !== generation || metadata?.deletionTimestamp !== undefined;
  }
}

interface Slice {
  readonly missing: ReturnType<typeof standstillWait>;
  /** Objects whose controllers have not got on during the slice. */
  readonly stuck: readonly KubeObject[];
}
