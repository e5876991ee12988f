import { compositeUidOf } from '../../lib/apis/composed.ts';
import { ANCHOR_FINALIZER, anchorName, CLUSTER_LABEL } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { ObjectRef } from '../../lib/kube/api.ts';
import { isConflict } from '../../lib/kube/errors.ts';
import { doneWith, type Outcome } from '../../lib/reconcile/outcome.ts';
import { anchorOf } from '../core/pivot/release.ts';
import { removeForGood } from './remove-for-good.ts';
import { foreign } from './copies.ts';
import { compositeOf, theSource, type Scope } from './scope.ts';

/**
 * ensureAnchor returns the anchor on the source and creates it if it does not exist; Stalled if another
 * object has its name.
 */
export async function ensureAnchor(scope: Scope): Promise<Outcome<KubeObject>> {
  const { cluster } = scope;
  const { api } = theSource(scope);
  const composite = compositeOf(scope);
  try {
    const anchor = anchorOf({ ...cluster, composite });
    return doneWith(await wrapError('create the anchor', api.create(anchor)));
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
  const existing = await findAnchor(scope);
  if (existing === undefined)
    throw new Error('cannot create the anchor: it was deleted at the same time');
  const { labels, finalizers, deletionTimestamp } = existing.metadata;
  const ours =
    labels?.[CLUSTER_LABEL] === cluster.name &&
    finalizers?.includes(ANCHOR_FINALIZER) === true &&
    // A Pivot by hand has no composite, and its anchor no stamp.
    compositeUidOf(existing) === composite;
  if (!ours) return foreign(existing);
  if (deletionTimestamp !== undefined)
    throw new Error('cannot use the anchor: it is being deleted');
  return doneWith(existing);
}

/** findAnchor reads the anchor from the source. */
export async function findAnchor(scope: Scope): Promise<KubeObject | undefined> {
  return wrapError('read the anchor', theSource(scope).api.get(anchorRef(scope)));
}

/** removeAnchor deletes the anchor; it must not control any object. */
export async function removeAnchor(scope: Scope): Promise<void> {
  const anchor = await findAnchor(scope);
  if (anchor !== undefined) await removeForGood(theSource(scope).api, anchor);
}

function anchorRef({ cluster }: Scope): ObjectRef {
  const { namespace, name } = cluster;
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: anchorName(name) };
}
