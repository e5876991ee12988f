import { TEARDOWN_FINALIZER } from '../../lib/apis/ownership.ts';
import { recordIn } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { type Key, keyText } from '../../lib/reconcile/work-queue.ts';
import { REMOVED_ANNOTATION } from '../core/teardown/subject.ts';

/**
 * Unguarded remembers composites that were deleted before they had our finalizer, because no provider ran.
 * None can be put on any more, so such a composite may go while its cluster is still taken away; then the
 * teardown goes on with what it was. A provider that restarts in between has forgotten it.
 */
export class Unguarded {
  readonly #seen = new Map<string, KubeObject>();

  /** The composite that went too early; undefined when there is none. `found` is what is there now. */
  after(key: Key, found: KubeObject | undefined): KubeObject | undefined {
    const text = keyText(key);
    const before = this.#seen.get(text);
    if (before !== undefined && found?.metadata.uid !== before.metadata.uid)
      return withoutHold(before);
    if (found !== undefined && isUnguarded(found)) this.#seen.set(text, found);
    return undefined;
  }

  /** Its teardown is over. */
  forget(key: Key): void {
    this.#seen.delete(keyText(key));
  }
}

/** What was handed over, or is removed already, once had the finalizer: then it goes at its end. */
function isUnguarded(composite: KubeObject): boolean {
  const { deletionTimestamp, finalizers = [], annotations = {} } = composite.metadata;
  const past =
    recordIn(composite, 'status')?.['committed'] === true || REMOVED_ANNOTATION in annotations;
  return deletionTimestamp !== undefined && !finalizers.includes(TEARDOWN_FINALIZER) && !past;
}

/** Nobody holds what is gone: Crossplane has let go of it. */
function withoutHold(composite: KubeObject): KubeObject {
  const { finalizers: _gone, ...metadata } = composite.metadata;
  return { ...composite, metadata };
}
