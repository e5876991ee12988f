import { AGENT_INSTALLATION, CLUSTER_PLAN, PIVOT } from '../../../lib/apis/kinds.ts';
import { ANCHOR_FINALIZER, anchorName, CLUSTER_LABEL } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { wrapError } from '../../../lib/errors.ts';
import type { ObjectRef } from '../../../lib/kube/api.ts';
import { hasFinalizer, removeFinalizer } from '../../../lib/kube/finalizers.ts';
import { done, firstOpen, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import type { Step } from '../../../lib/reconcile/steps.ts';
import { blockageOf } from '../../core/teardown/blockers.ts';
import { backName } from '../../core/teardown/pivot-state.ts';
import { belongingOf, escrowed } from '../../core/teardown/belonging.ts';
import { withSeen } from '../../core/teardown/journal.ts';
import { REMOVED_ANNOTATION } from '../../core/teardown/subject.ts';
import { removeEscrow } from '../../escrow/escrow.ts';
import { changeMetadata, deleteUnheld } from '../held-object.ts';
import { POLL_MS, type Pass } from '../pass.ts';

/**
 * Records on the composite that nothing is left to take back or remove, before the objects that prove it
 * are deleted.
 */
export const markRemoved: Step<Pass> = {
  name: 'Note that nothing is left',
  async run({ deps, subject }) {
    if (!subject.removed && !subject.gone) {
      const annotations = { [REMOVED_ANNOTATION]: 'true' };
      await changeMetadata(deps.management, subject.composite, { annotations });
    }
    return done;
  },
};

interface Named {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** Deletes one of our own objects; its controller cleans up before it disappears. */
async function release(pass: Pass, { apiVersion, kind, name }: Named): Promise<Outcome> {
  const { management } = pass.deps;
  const ref: ObjectRef = { apiVersion, kind, name, namespace: pass.subject.cluster.namespace };
  const object = await wrapError(`read ${kind} ${name}`, management.get(ref));
  const ours = object !== undefined && isMade(pass, object) ? object : undefined;
  const seen = ours === undefined ? [] : [ours];
  pass.journal.note((one) =>
    withSeen(one, seen, (title) => title === `${kind} ${name}`, pass.now()),
  );
  if (ours === undefined) return done;
  await deleteUnheld(management, ours);
  const { what, stuck } = blockageOf(seen, pass.now());
  return wait(
    stuck ? 'TeardownBlocked' : 'Releasing',
    `Waiting for ${what} to be deleted`,
    POLL_MS,
  );
}

function isMade({ subject }: Pass, object: KubeObject): boolean {
  const belonging = belongingOf(subject, object);
  if (belonging !== 'Unknown') return belonging === 'Ours';
  return object.metadata.labels?.[CLUSTER_LABEL] === subject.cluster.name;
}

/** Also deletes the identity of the agent. */
export const releaseInstallation: Step<Pass> = {
  name: 'Release the agent and its identity',
  run: (pass) => release(pass, { ...AGENT_INSTALLATION, name: pass.subject.cluster.name }),
};

/** The Pivots of both directions. */
export const releasePivots: Step<Pass> = {
  name: 'Release the Pivots',
  async run(pass) {
    const { name } = pass.subject.cluster;
    const outcomes = await Promise.all(
      [name, backName(name)].map((pivot) => release(pass, { ...PIVOT, name: pivot })),
    );
    return firstOpen(outcomes) ?? done;
  },
};

/** The plan records what was wanted, so it is deleted only when nothing of it is left. */
export const releasePlan: Step<Pass> = {
  name: 'Release the ClusterPlan',
  run: (pass) => release(pass, { ...CLUSTER_PLAN, name: pass.subject.cluster.name }),
};

/** Its finalizer protects its dependents; by now it has none. */
export const releaseAnchor: Step<Pass> = {
  name: 'Release the anchor',
  async run(pass) {
    const { management } = pass.deps;
    const { namespace, name } = pass.subject.cluster;
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: anchorName(name) };
    const anchor = await wrapError(`read ConfigMap ${ref.name}`, management.get(ref));
    if (anchor === undefined || !isMade(pass, anchor)) return done;
    if (!hasFinalizer(anchor, ANCHOR_FINALIZER)) return release(pass, ref);
    await removeFinalizer(management, anchor, ANCHOR_FINALIZER);
    return wait('Releasing', `Waiting for ConfigMap ${ref.name} to be deleted`, 0);
  },
};

/** The escrow is the last copy of the objects, so it is deleted at the end. */
export const releaseEscrow: Step<Pass> = {
  name: 'Release the escrow',
  async run({ deps, subject }) {
    await removeEscrow(deps, escrowed(subject));
    return done;
  },
};
