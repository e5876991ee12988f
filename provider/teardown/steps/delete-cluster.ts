import { CLUSTER } from '../../../capi/kinds.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { done, stalled, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { blockageOf } from '../../core/teardown/blockers.ts';
import { withPresent, withUnproved, type Journal } from '../../core/teardown/journal.ts';
import { isAtHome } from '../../core/teardown/pivot-state.ts';
import { removalsOf } from '../../core/teardown/removals.ts';
import { ownOf } from '../../core/teardown/belonging.ts';
import { clusterObjects, clusterTypes } from '../cluster-objects.ts';
import { changeMetadata, deleteObject, WITHOUT_HOLD } from '../held-object.ts';
import { identity, POLL_MS, type Pass, type Step } from '../step.ts';

/** Deletes the Cluster, lets Cluster API remove what it stands for, and waits until all of it is gone. */
export const deleteCluster: Step = {
  name: 'Remove machines and infrastructure',
  async run(pass): Promise<Outcome> {
    const begun = pass.book.journal.present.length > 0;
    const objects = await ownObjects(pass);
    note(pass, objects);
    if (objects.length === 0) return done;
    // What there was is written down before the first of it goes: the Secrets are found by it.
    if (!begun) return wait('RemovingMachines', 'The machines are removed next', 0);
    const cluster = objects.find(isCluster);
    if (!isAtHome(cluster)) return elsewhere(cluster);
    const { management } = pass.deps;
    await Promise.all(objects.map((object) => detach(pass, object)));
    const { unhold, remove } = removalsOf(objects);
    await Promise.all(unhold.map((object) => changeMetadata(management, object, WITHOUT_HOLD)));
    await Promise.all(remove.map((object) => deleteObject(management, object)));
    return waitFor(pass, objects);
  },
};

/**
 * The objects of the cluster. What bears its name and was not made for the subject is none of our
 * business: the function refuses a composite whose name is taken.
 */
export async function ownObjects(pass: Pass): Promise<readonly KubeObject[]> {
  const { deps, subject, book } = pass;
  const types = await clusterTypes(deps.management, subject.provider);
  const { objects, unseen } = await clusterObjects(deps.management, types, subject.cluster);
  book.note((journal) => unseen.reduce(withUnproved, journal));
  const { own, unsure } = ownOf(subject, objects, objects.find(isCluster));
  return unsure.length > 0 && (await areOurs(pass)) ? [...own, ...unsure] : own;
}

/** What came back in a pivot has lost the marks of Crossplane; but only what was ours can come back. */
async function areOurs(pass: Pass): Promise<boolean> {
  const { book } = pass;
  if (knowsCluster(book.journal)) return true;
  const { forward } = await pass.way();
  return pass.subject.home || forward === 'HandedOver' || forward === 'TakenBack';
}

/** This teardown has seen the Cluster while its marks, or the way, told that it is ours. */
function knowsCluster({ present, gone }: Journal): boolean {
  return (
    present.some((one) => one.startsWith(`${CLUSTER.kind} `)) ||
    gone.some(({ kind }) => kind === CLUSTER.kind)
  );
}

function note({ book, now }: Pass, objects: readonly KubeObject[]): void {
  book.note((journal) => {
    const secrets = journal.present.filter((one) => one.startsWith('Secret '));
    return withPresent(journal, [...objects.map(identity), ...secrets], now());
  });
}

function isCluster({ kind, apiVersion }: KubeObject): boolean {
  return kind === CLUSTER.kind && apiVersion.split('/')[0] === CLUSTER.apiVersion.split('/')[0];
}

function elsewhere(cluster: KubeObject | undefined): Outcome {
  return stalled(
    'NotOwner',
    `Cluster ${cluster?.metadata.name} is not reconciled on this side (annotation managedcluster.io/owner), so deleting it here would remove nothing; look at its Pivots`,
  );
}

/** The garbage collector marks dependents of the composite all at once: so these are none any more. */
async function detach(pass: Pass, object: KubeObject): Promise<void> {
  const { uid } = pass.subject.composite.metadata;
  const owners = object.metadata.ownerReferences ?? [];
  const others = owners.filter((owner) => owner.uid !== uid);
  if (others.length === owners.length) return;
  await changeMetadata(pass.deps.management, object, { ownerReferences: others });
}

function waitFor(pass: Pass, objects: readonly KubeObject[]): Outcome {
  const { what, stuck } = blockageOf(objects, pass.now());
  return wait(
    stuck ? 'TeardownBlocked' : 'RemovingMachines',
    `Waiting for Cluster API to remove ${what}`,
    POLL_MS,
  );
}
