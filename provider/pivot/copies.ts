import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { isConflict, isNotFound } from '../../lib/kube/errors.ts';
import { doneWith, stalled, type Outcome } from '../../lib/reconcile/outcome.ts';
import { copyForm } from '../core/pivot/copy-form.ts';
import { standingOf, verdictOn, withAccessOf, type Standing } from '../core/pivot/existing.ts';
import { keyOf, titleOf, uidOf } from '../core/pivot/identity.ts';
import { ownershipOf, ownerText } from '../core/pivot/ownership.ts';
import { CLUSTER } from '../../capi/kinds.ts';
import { removeForGood } from './remove-for-good.ts';
import { theAttempt, type Scope, type Site } from './scope.ts';
import type { Ownership } from './trust.ts';

const TRIES = 5;
const PAUSE_MS = 200;

/** OnTarget is what is known about the target before the copy. */
export interface OnTarget {
  /** The objects there, if they were listed. */
  readonly known: readonly KubeObject[];
  readonly isOurs: Ownership | undefined;
}

/** Copies creates the copies on the target, or adopts existing objects. The Cluster must come first. */
export class Copies {
  readonly #scope: Scope;
  readonly #fenced: KubeObject;
  readonly #isOurs: Ownership | undefined;
  readonly #known: ReadonlyMap<string, KubeObject>;
  readonly #placed = new Map<string, KubeObject>();
  /** What the Cluster on the target implies for the objects around it. */
  #standing: Standing = 'Absent';

  constructor(scope: Scope, fenced: KubeObject, { known, isOurs }: OnTarget) {
    this.#scope = scope;
    this.#fenced = fenced;
    this.#isOurs = isOurs;
    this.#known = new Map(known.map((object) => [keyOf(object), object]));
  }

  /** The copies as the target returned them, by the uid of their originals. */
  get placed(): ReadonlyMap<string, KubeObject> {
    return this.#placed;
  }

  /**
   * Copies one object, whose owners must have been copied before; Stalled if a foreign object has its name.
   */
  async place(source: KubeObject): Promise<Outcome<KubeObject>> {
    const wanted = copyForm(source, (uid) => this.#placed.get(uid)?.metadata.uid);
    const existing = this.#known.get(keyOf(source));
    const placed = await wrapError(`copy ${titleOf(source)}`, this.#settle(wanted, existing));
    if (placed.kind === 'Done') this.#placed.set(uidOf(source), placed.value);
    return placed;
  }

  async #settle(wanted: KubeObject, known: KubeObject | undefined): Promise<Outcome<KubeObject>> {
    const { api } = this.#scope.target;
    let existing = known;
    for (let tries = 0; tries < TRIES; tries += 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- each try depends on the result of the last one
        return await (existing === undefined
          ? api.create(wanted).then(doneWith)
          : this.#take(existing, withAccessOf(existing, wanted)));
      } catch (error) {
        // 409: the object already exists or was changed; 404: it was deleted.
        if (!isConflict(error) && !(existing !== undefined && isNotFound(error))) throw error;
        // oxlint-disable-next-line no-await-in-loop -- see above
        existing = await api.get(refOf(wanted));
        // oxlint-disable-next-line no-await-in-loop -- see above
        if (tries > 0) await sleep(PAUSE_MS);
      }
    }
    throw new Error(`another client keeps changing ${titleOf(wanted)} on the target`);
  }

  async #take(existing: KubeObject, wanted: KubeObject): Promise<Outcome<KubeObject>> {
    const { target, cluster } = this.#scope;
    if (wanted.kind === 'Cluster') this.#standing = this.#standingOf(existing);
    const standing = this.#standing;
    const isOurs = this.#isOurs;
    const verdict = verdictOn(existing, wanted, { cluster: cluster.name, standing, isOurs });
    if (verdict === 'Adopt') return doneWith(existing);
    if (verdict === 'Foreign') return refused(existing, target);
    if (wanted.kind !== 'Cluster') {
      // Another process may have continued in the meantime: an active object is never overwritten.
      const root = await target.api.get({ ...CLUSTER, ...cluster });
      if (root !== undefined && this.#standingOf(root) === 'Foreign') return refused(root, target);
    }
    if (verdict === 'Leaving') {
      // No controller cleans up a deleted copy while it is fenced, so it is removed and created again.
      await removeForGood(target.api, existing);
      return doneWith(await target.api.create(wanted));
    }
    const { uid, resourceVersion } = existing.metadata;
    const metadata = {
      ...wanted.metadata,
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    };
    return doneWith(await target.api.replace({ ...wanted, metadata }));
  }

  #standingOf(root: KubeObject): Standing {
    return standingOf(root, this.#fenced, theAttempt(this.#scope));
  }
}

function refused(existing: KubeObject, target: Site): ReturnType<typeof stalled> {
  return isSelfManaged(existing, target) ? selfManaged(existing) : foreign(existing);
}

/** SELF_MANAGED is the reason of an attempt that must not be given up, because its source must stay fenced. */
export const SELF_MANAGED = 'SelfManagedAlready';

/** isSelfManaged reports whether an object on the target is the Cluster of a cluster that manages itself. */
export function isSelfManaged(existing: KubeObject, { side }: Pick<Site, 'side'>): boolean {
  const isRoot = existing.kind === CLUSTER.kind && existing.apiVersion === CLUSTER.apiVersion;
  return side === 'workload' && isRoot && ownershipOf(existing).owner === 'workload';
}

/** foreign returns the Outcome for an object on the target that no pivot of this cluster created. */
export function foreign(existing: KubeObject): ReturnType<typeof stalled> {
  return stalled(
    'ForeignObject',
    `${titleOf(existing)} already exists on the target and was not created by this pivot: delete or rename it there`,
  );
}

/** selfManaged returns the Outcome for a Cluster whose deletion would delete the machines of a living cluster. */
export function selfManaged(root: KubeObject): ReturnType<typeof stalled> {
  const { namespace, name } = root.metadata;
  return stalled(
    SELF_MANAGED,
    `${titleOf(root)} in the workload cluster already manages itself (owner ${ownerText(root)}): this management side was restored from a backup of before the handover, or another one has handed the cluster over. ` +
      `Nothing is moved. Do not delete anything there. Keep Cluster API on this side from acting on it: kubectl -n ${namespace} patch cluster.cluster.x-k8s.io/${name} --type=merge -p '{"spec":{"paused":true}}'`,
  );
}
