import { CLUSTER } from '../../../capi/kinds.ts';
import { CLUSTER_NAME_LABEL } from '../../../capi/labels.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { wrapError } from '../../../lib/errors.ts';
import { done, stalled, wait, type Open } from '../../../lib/reconcile/outcome.ts';
import type { Step } from '../../../lib/reconcile/steps.ts';
import { blockageOf } from '../../core/teardown/blockers.ts';
import { withSeen, withUnproved, type TeardownJournal } from '../../core/teardown/journal.ts';
import { isAtHome } from '../../core/teardown/pivot-state.ts';
import { removalsOf } from '../../core/teardown/removals.ts';
import { ownOf } from '../../core/teardown/belonging.ts';
import { clusterObjects, clusterTypes } from '../cluster-objects.ts';
import type { HandoverState } from '../handover-state.ts';
import { changeMetadata, deleteObject, deleteUnheld, WITHOUT_HOLD } from '../held-object.ts';
import { POLL_MS, type Pass } from '../pass.ts';

/**
 * Deletes the Cluster, lets Cluster API remove its machines and infrastructure, and waits until all objects
 * are gone.
 */
export const deleteCluster: Step<Pass, HandoverState> = {
  name: 'Remove machines and infrastructure',
  async run(pass, state) {
    const { deps, journal, now } = pass;
    const begun = journal.current.present.length > 0;
    const objects = await ownObjects(pass, state);
    journal.note((one) => withSeen(one, objects, (title) => !isSecret(title), now()));
    if (objects.length === 0) return done;
    // The objects are recorded before the first one is deleted: the Secrets are found through them.
    if (!begun) return wait('RemovingMachines', 'The machines are removed next', 0);
    const cluster = objects.find(isCluster);
    if (!isAtHome(cluster)) return elsewhere(cluster);
    await Promise.all(objects.map((object) => detach(pass, object)));
    const { unhold, remove } = removalsOf(objects);
    await Promise.all(
      unhold.map((object) => changeMetadata(deps.management, object, WITHOUT_HOLD)),
    );
    await Promise.all(remove.map((object) => deleteObject(deps.management, object)));
    return waitFor(pass, objects);
  },
};

/** Deletes certificates, kubeconfig and bootstrap data that Cluster API did not garbage collect. */
export const removeSecrets: Step<Pass> = {
  name: 'Remove the Secrets of the cluster',
  async run({ deps: { management }, subject, journal, now }) {
    // Secrets with the name of a cluster that we did not create belong to others.
    if (!journal.current.gone.some(({ kind }) => kind === CLUSTER.kind)) return done;
    const { namespace, name } = subject.cluster;
    const type = { apiVersion: 'v1', kind: 'Secret', namespace };
    const labelSelector = `${CLUSTER_NAME_LABEL}=${name}`;
    const { items } = await wrapError(
      `list the Secrets of cluster ${namespace}/${name}`,
      management.list(type, { labelSelector }),
    );
    journal.note((one) => withSeen(one, items, isSecret, now()));
    if (items.length === 0) return done;
    await Promise.all(items.map((secret) => deleteUnheld(management, secret)));
    return wait('RemovingSecrets', `Waiting for ${items.length} Secrets to be deleted`, POLL_MS);
  },
};

/**
 * The objects of the cluster. Objects with its name that were not created for the subject are ignored: the
 * function rejects a composite whose name is taken.
 */
export async function ownObjects(
  { deps, subject, journal }: Pass,
  { forward }: HandoverState,
): Promise<readonly KubeObject[]> {
  const types = await clusterTypes(deps.management, subject.provider);
  const { objects, unseen } = await clusterObjects(deps.management, types, subject.cluster);
  journal.note((one) => unseen.reduce(withUnproved, one));
  const { own, unsure } = ownOf(subject, objects, objects.find(isCluster));
  // Objects that a pivot moved, or began to move, have lost the marks of Crossplane; but only our objects can be moved.
  const moved = ['HandedOver', 'TakenBack', 'Forgotten'].includes(forward);
  return subject.home || moved || knowsCluster(journal.current) ? [...own, ...unsure] : own;
}

/** This teardown observed the Cluster while its marks, or a pivot, showed that it is ours. */
function knowsCluster({ present, gone }: TeardownJournal): boolean {
  return (
    present.some((one) => one.startsWith(`${CLUSTER.kind} `)) ||
    gone.some(({ kind }) => kind === CLUSTER.kind)
  );
}

function isSecret(title: string): boolean {
  return title.startsWith('Secret ');
}

/** isCluster reports whether an object is the Cluster of Cluster API. */
export function isCluster({ kind, apiVersion }: KubeObject): boolean {
  return kind === CLUSTER.kind && apiVersion.split('/')[0] === CLUSTER.apiVersion.split('/')[0];
}

function elsewhere(cluster: KubeObject | undefined): Open {
  return stalled(
    'NotOwner',
    `Cluster ${cluster?.metadata.name} is not reconciled on this side (annotation managedcluster.io/owner), so deleting it here would remove nothing; check its Pivots`,
  );
}

/**
 * The garbage collector would delete all dependents of the composite at once, so the owner references are
 * removed.
 */
async function detach(pass: Pass, object: KubeObject): Promise<void> {
  const { uid } = pass.subject.composite.metadata;
  const owners = object.metadata.ownerReferences ?? [];
  const others = owners.filter((owner) => owner.uid !== uid);
  if (others.length === owners.length) return;
  await changeMetadata(pass.deps.management, object, { ownerReferences: others });
}

function waitFor(pass: Pass, objects: readonly KubeObject[]): Open {
  const { what, stuck } = blockageOf(objects, pass.now());
  return wait(
    stuck ? 'TeardownBlocked' : 'RemovingMachines',
    `Waiting for Cluster API to remove ${what}`,
    POLL_MS,
  );
}
