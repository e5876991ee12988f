import { X_MANAGED_CLUSTER } from '../../lib/apis/kinds.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { metaTime } from '../../lib/core/time.ts';
import { wrapError } from '../../lib/errors.ts';
import { isNotFound } from '../../lib/kube/errors.ts';
import type { Result } from '../../lib/reconcile/controller.ts';
import type { ControllerParts, ProviderDeps } from '../deps.ts';

/** TOUCHED_ANNOTATION on a composite is the time of the last change whose only purpose is a reconcile by Crossplane. */
export const TOUCHED_ANNOTATION = 'managedcluster.io/touched';

/** The only key of this controller: the watches of all claims are stopped together. */
const ALL = { namespace: '', name: X_MANAGED_CLUSTER.kind } as const;

/**
 * Milliseconds from the end of a claim until Crossplane's collector of watches has run: it runs once a
 * minute (core v2.3.4, internal/controller/apiextensions/composite/watch). The rest is for a slow run.
 */
const COLLECTION_MS = 150_000;

/** WatchTiming lets tests replace the clock. */
export interface WatchTiming {
  /** A monotonic clock, in milliseconds. */
  readonly monotonic: () => number;
}

const REAL: WatchTiming = { monotonic: () => performance.now() };

/**
 * watchesController makes Crossplane watch again what claims compose. Core v2.3.4 stops these watches by
 * mistake when a kind is no longer composed, as after the deletion of the last claim that was not handed
 * over, and the settled claims then hear of nothing until their TTL ends (facts/crossplane-runs.md 7.1).
 * One reconcile of one composite starts the watches for all claims, so after a deletion one composite is
 * touched. It is also touched after a start, because a deletion could have been missed.
 */
export function watchesController(deps: ProviderDeps, timing: WatchTiming = REAL): ControllerParts {
  const watches = new Watches(deps, timing);
  return {
    reconciler: { name: 'watches', reconcile: () => watches.look() },
    sources: [
      {
        type: X_MANAGED_CLUSTER,
        toKeys: (composite) => (watches.saw(composite) ? [ALL] : []),
      },
    ],
    initial: [ALL],
    workers: 1,
  };
}

class Watches {
  readonly #deps: ProviderDeps;
  readonly #timing: WatchTiming;
  /** Names of composites that can be touched. */
  readonly #living = new Set<string>();
  /** The monotonic time from which a touch helps; undefined: none is needed. */
  #dueAt: number | undefined;

  constructor(deps: ProviderDeps, timing: WatchTiming) {
    this.#deps = deps;
    this.#timing = timing;
    this.#dueAt = timing.monotonic() + COLLECTION_MS;
  }

  /** Records an event of a composite; true if its claim is being deleted, so that a touch becomes necessary. */
  saw({ metadata, ...composite }: KubeObject): boolean {
    const { name = '' } = metadata;
    if (metadata.deletionTimestamp === undefined) {
      if (recordIn(composite, 'spec')?.['claimRef'] !== undefined) this.#living.add(name);
      return false;
    }
    this.#living.delete(name);
    this.#dueAt = this.#timing.monotonic() + COLLECTION_MS;
    return true;
  }

  async look(): Promise<Result> {
    const dueAt = this.#dueAt;
    if (dueAt === undefined) return {};
    const left = dueAt - this.#timing.monotonic();
    if (left > 0) return { requeueAfterMs: left };
    for (const name of this.#living) {
      // oxlint-disable-next-line no-await-in-loop -- one that exists is enough
      if (await this.#touch(name)) break;
      this.#living.delete(name);
    }
    if (this.#dueAt === dueAt) this.#dueAt = undefined;
    return {};
  }

  /** Returns false if the composite no longer exists. */
  async #touch(name: string): Promise<boolean> {
    const { management, clock } = this.#deps;
    const annotations = { [TOUCHED_ANNOTATION]: metaTime(clock.now()) };
    try {
      await wrapError(
        `touch ${X_MANAGED_CLUSTER.kind} ${name}`,
        management.patch({ ...X_MANAGED_CLUSTER, name }, { metadata: { annotations } }),
      );
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }
}
