import { removeObject } from './leftovers.ts';
import { CLUSTER } from './objects.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../lib/core/object.ts';
import { during } from '../../lib/errors.ts';
import { isConflict, isNotFound } from '../../lib/kube/errors.ts';
import { stalled } from '../../lib/reconcile/outcome.ts';
import { copyForm } from '../core/pivot/copy-form.ts';
import { standingOf, verdictOn } from '../core/pivot/existing.ts';
import { titleOf, uidOf } from '../core/pivot/identity.ts';
import { Halt, theAttempt, type Scope } from './scope.ts';

const TRIES = 5;
const PAUSE_MS = 200;

/**
 * placeCopy makes the copy of one object on the target, or adopts what is there already; `existing` is
 * what is known to stand there, if the target was looked at. The owners must have been placed.
 */
export async function placeCopy(
  scope: Scope,
  source: KubeObject,
  existing?: KubeObject,
): Promise<KubeObject> {
  const wanted = copyForm(source, (uid) => scope.memory.copies.get(uid)?.metadata.uid);
  const placed = await during(`copy ${titleOf(source)}`, settle(scope, wanted, existing));
  scope.memory.copies.set(uidOf(source), placed);
  return placed;
}

async function settle(
  scope: Scope,
  wanted: KubeObject,
  known: KubeObject | undefined,
): Promise<KubeObject> {
  const { api } = scope.target;
  let existing = known;
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each try looks at what the last one met
      return await (existing === undefined ? api.create(wanted) : take(scope, existing, wanted));
    } catch (error) {
      // 409: it is there already, or changed meanwhile; 404: it has gone meanwhile.
      if (!isConflict(error) && !(existing !== undefined && isNotFound(error))) throw error;
      // oxlint-disable-next-line no-await-in-loop -- see above
      existing = await api.get(refOf(wanted));
      // oxlint-disable-next-line no-await-in-loop -- see above
      if (tries > 0) await sleep(PAUSE_MS);
    }
  }
  throw new Error(`somebody else keeps changing ${titleOf(wanted)} on the target`);
}

async function take(scope: Scope, existing: KubeObject, wanted: KubeObject): Promise<KubeObject> {
  const { memory, target, cluster } = scope;
  if (wanted.kind === 'Cluster') {
    memory.standing = standingOf(existing, sourceCluster(scope), theAttempt(scope));
  }
  const { standing = 'Absent' } = memory;
  const verdict = verdictOn(existing, wanted, { cluster: cluster.name, standing });
  if (verdict === 'Adopt') return existing;
  if (verdict === 'Foreign') throw new Halt(foreign(existing));
  // Another process may have gone on meanwhile: what runs is never overwritten.
  if (wanted.kind !== 'Cluster') await stillFenced(scope);
  if (verdict === 'Leaving') {
    // Somebody deleted a copy that nobody cleans up behind while it is fenced: it is made anew.
    await removeObject(target.api, existing);
    return target.api.create(wanted);
  }
  const { uid, resourceVersion } = existing.metadata;
  const metadata = {
    ...wanted.metadata,
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  return target.api.replace({ ...wanted, metadata });
}

async function stillFenced(scope: Scope): Promise<void> {
  const root = await scope.target.api.get({ ...CLUSTER, ...scope.cluster });
  const standing = standingOf(root, sourceCluster(scope), theAttempt(scope));
  if (root !== undefined && standing === 'Foreign') throw new Halt(foreign(root));
}

function sourceCluster({ memory }: Scope): KubeObject {
  if (memory.fenced === undefined) throw new Error('cannot go on: the fence was not looked at');
  return memory.fenced;
}

/** foreign is the Outcome for an object on the target that no pivot of this cluster has made. */
export function foreign(existing: KubeObject): ReturnType<typeof stalled> {
  return stalled(
    'ForeignObject',
    `${titleOf(existing)} is on the target already and was not made by this pivot: delete or rename it there`,
  );
}
