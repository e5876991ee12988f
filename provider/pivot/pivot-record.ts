import { PIVOT } from '../../lib/apis/kinds.ts';
import type { Pivot, PivotSpec, PivotStatus } from '../../lib/apis/pivot.generated.ts';
import { isTrue } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { writeStatus } from '../../lib/reconcile/write-status.ts';
import { journalOf, type Journal } from '../core/pivot/journal.ts';
import { changedStatus, type StatusChange } from '../core/pivot/status.ts';

/**
 * PivotRecord is the Pivot as this pass knows it. Every write carries the resourceVersion of the last read:
 * a concurrent write (by another process, or a user who aborts) makes it fail with 409, and the pass starts
 * again.
 */
export class PivotRecord {
  readonly #api: KubeApi;
  readonly #now: () => Date;
  #object: KubeObject;
  #status: PivotStatus;
  #last: Promise<unknown> = Promise.resolve();

  constructor(api: KubeApi, pivot: KubeObject, now: () => Date) {
    this.#api = api;
    this.#now = now;
    this.#object = pivot;
    this.#status = statusIn(pivot);
  }

  /** The Pivot as it was last read or written. */
  get object(): KubeObject {
    return this.#object;
  }

  get spec(): PivotSpec {
    return specIn(this.#object);
  }

  /** The status including unsaved changes. */
  get status(): PivotStatus {
    return this.#status;
  }

  get journal(): Journal {
    return journalOf(this.#status);
  }

  /** Whether the pivot is committed, which is irreversible. */
  get committed(): boolean {
    return isTrue(this.#object, 'Committed');
  }

  get deleted(): boolean {
    return this.#object.metadata.deletionTimestamp !== undefined;
  }

  /** Adds a change to the next write. */
  note(change: StatusChange): void {
    const { generation } = this.#object.metadata;
    const conditions = (change.conditions ?? []).map((condition) => ({
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      ...condition,
    }));
    this.#status = changedStatus(
      this.#status,
      { ...change, conditions },
      this.#now().toISOString(),
    );
  }

  /** Writes a change and all noted changes; writes are sequential. */
  save(change: StatusChange = {}): Promise<void> {
    this.note(change);
    const written = this.#last.then(() => this.#write());
    this.#last = written.catch(() => undefined);
    return written;
  }

  async #write(): Promise<void> {
    const status = this.#status;
    this.#object = await writeStatus(this.#api, this.#object, { ...status });
  }
}

/** isPivot reports whether an object is a Pivot; the API server validates its schema. */
export function isPivot(object: KubeObject): object is Pivot {
  return object.kind === PIVOT.kind && object.apiVersion === PIVOT.apiVersion;
}

function specIn(object: KubeObject): PivotSpec {
  if (!isPivot(object)) throw new Error(`cannot read a ${object.kind} as a Pivot`);
  return object.spec;
}

function statusIn(object: KubeObject): PivotStatus {
  return isPivot(object) ? (object.status ?? {}) : {};
}
