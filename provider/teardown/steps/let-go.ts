import { CLUSTER_LABEL, HOLD_LABEL } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { wrapError } from '../../../lib/errors.ts';
import { done, stalled, wait, type Outcome, type Stalled } from '../../../lib/reconcile/outcome.ts';
import type { Step } from '../../../lib/reconcile/steps.ts';
import { withLeft } from '../../core/teardown/journal.ts';
import { isHeld } from '../../core/teardown/removals.ts';
import { COMPOSITE_LABEL } from '../../core/teardown/subject.ts';
import type { HandoverState } from '../handover-state.ts';
import { changeMetadata } from '../held-object.ts';
import { POLL_MS, type Pass } from '../pass.ts';
import { ownObjects } from './delete-cluster.ts';
import { removeForgotten } from './remove-forgotten.ts';

/**
 * A self-managed cluster needs nothing from this side. A cluster that was not handed over has no other
 * controllers, so its Cluster API objects are kept here as plain objects: this is what `Orphan` means to
 * users of Crossplane, and what users of Cluster API ask for (cluster-api#7800). Deleting them while paused
 * would leave machines that nobody can upgrade, repair or find.
 */
export const letGo: Step<Pass, HandoverState> = {
  name: 'Let the cluster go',
  async run(pass, state) {
    if (state.forward === 'HandedOver') return leaveWayIn(pass);
    const objects = await ownObjects(pass, state);
    if (state.forward === 'Forgotten') return removeForgotten(pass, objects);
    const bound = objects.filter((object) => isHeld(object) || isComposed(pass, object));
    if (objects.length === 0) return done;
    if (pass.subject.terminating) return doomed(pass);
    await Promise.all(bound.map((object) => free(pass, object)));
    if (bound.length > 0)
      return wait('LettingGo', 'Waiting for the cluster to be released', POLL_MS);
    tell(pass);
    return done;
  },
};

/**
 * The kubeconfig that the pivot kept is the only access that the user has from this side, so it is kept but
 * no longer ours.
 */
async function leaveWayIn({ deps, subject, journal }: Pass): Promise<Outcome> {
  const { namespace, name } = subject.cluster;
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: subject.kubeconfig.name };
  const secret = await wrapError(`read Secret ${ref.name}`, deps.management.get(ref));
  if (secret?.metadata.labels?.[CLUSTER_LABEL] !== name) return done;
  const sentence = `Secret ${namespace}/${ref.name} is kept: it gives access to the cluster, which keeps running`;
  journal.note((one) => withLeft(one, sentence));
  await changeMetadata(deps.management, secret, { labels: { [CLUSTER_LABEL]: null } });
  return wait('LettingGo', 'Waiting for the cluster to be released', 0);
}

function isComposed({ subject }: Pass, { metadata }: KubeObject): boolean {
  const { uid } = subject.composite.metadata;
  return (
    COMPOSITE_LABEL in (metadata.labels ?? {}) ||
    (metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false)
  );
}

/** A single write: between two writes the garbage collector could delete the object. */
async function free({ deps, subject }: Pass, object: KubeObject): Promise<void> {
  const { uid } = subject.composite.metadata;
  const labels = Object.keys(object.metadata.labels ?? {}).filter(isMark);
  const annotations = Object.keys(object.metadata.annotations ?? {}).filter(isMark);
  await changeMetadata(deps.management, object, {
    labels: cleared(labels),
    annotations: cleared(annotations),
    ownerReferences: (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid),
  });
}

function isMark(key: string): boolean {
  return key === HOLD_LABEL || key.startsWith('crossplane.io/');
}

function cleared(keys: readonly string[]): Readonly<Record<string, null>> {
  return Object.fromEntries(keys.map((key) => [key, null]));
}

function doomed({ subject: { cluster } }: Pass): Stalled {
  return stalled(
    'NamespaceTerminating',
    `Cluster ${cluster.name} was not handed over to itself, and its Cluster API objects are in namespace ${cluster.namespace}, which is being deleted, so the cluster cannot be kept. Set spec.deletionPolicy to Delete to remove it in order`,
  );
}

function tell({ deps, subject, journal }: Pass): void {
  const { namespace, name } = subject.cluster;
  const sentence = `Cluster ${namespace}/${name} was not handed over to itself, so its Cluster API objects are kept on this side and Cluster API continues to reconcile it; delete the Cluster to remove its machines`;
  journal.note((one) => withLeft(one, sentence));
  deps.events.event(subject.composite, 'Warning', 'LeftWithClusterAPI', sentence);
}
