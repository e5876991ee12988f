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
import { triggerReconcile } from '../trigger-reconcile.ts';
import { watched, type Watched } from './watched.ts';

/** Timeout for the initial lists of the watches. */
const SYNC_MS = 5000;

/** A controller without a status change for this time counts as stuck. */
const SLICE_MS = 1000;

/** Number of slices after which a waiting pass checks whether it should continue. */
const LISTENING = 5;

/** Maximum number of slices per pass; a new pass costs a list of every kind. */
const SLICES = 20;

/**
 * Standstill waits until the controllers of a fenced cluster report that they are paused. Controllers that
 * make progress are left alone; stuck controllers are triggered.
 */
export class Standstill {
  readonly #scope: Scope;
  readonly #api: KubeApi;
  readonly #kinds: ReadonlySet<string>;
  readonly #watching: Watched;
  /** Objects whose controller has not reported Paused as of the last check; undefined before the first. */
  #late: readonly KubeObject[] | undefined;

  /** Starts to watch the objects that report Paused. */
  constructor(scope: Scope, api: KubeApi, { objects }: Graph) {
    this.#scope = scope;
    this.#api = api;
    this.#kinds = pausingKinds(objects);
    const pausing = objects.filter((object) => this.#kinds.has(typeKey(object)));
    const { signal, cluster } = scope;
    this.#watching = watched(api, kindsOf(pausing), { namespace: cluster.namespace, signal });
  }

  /** Resolves when all watches are synced, so that no later change is missed. */
  synced(): Promise<void> {
    return this.#watching.synced(SYNC_MS);
  }

  /** Waits until the Pivot is changed, for example to abort. */
  async reached(): Promise<Outcome> {
    for (let slice = 1; ; slice += 1) {
      // oxlint-disable-next-line no-await-in-loop -- slices are sequential
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

  /** Stops the watches. */
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
  /** Objects whose controllers made no progress during the slice. */
  readonly stuck: readonly KubeObject[];
}
