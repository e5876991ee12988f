import { AGENT_INSTALLATION, CLUSTER_PLAN, PIVOT } from '../../../lib/apis/kinds.ts';
import { ANCHOR_FINALIZER, anchorName, CLUSTER_LABEL } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { during } from '../../../lib/errors.ts';
import type { ObjectRef } from '../../../lib/kube/api.ts';
import { done, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { blockageOf } from '../../core/teardown/blockers.ts';
import { backName } from '../../core/teardown/pivot-state.ts';
import { belongingOf, escrowed } from '../../core/teardown/belonging.ts';
import { withPresent } from '../../core/teardown/journal.ts';
import { removeEscrow } from '../../escrow/escrow.ts';
import { changeMetadata, removeObject } from '../held-object.ts';
import { identity, POLL_MS, type Pass, type Step } from '../step.ts';

interface Named {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** Takes away one of our own objects; its controller cleans up behind it before it goes. */
async function release(pass: Pass, { apiVersion, kind, name }: Named): Promise<Outcome> {
  const { management } = pass.deps;
  const ref: ObjectRef = { apiVersion, kind, name, namespace: pass.subject.cluster.namespace };
  const object = await during(`read ${kind} ${name}`, management.get(ref));
  const ours = object !== undefined && isMade(pass, object) ? object : undefined;
  note(pass, `${kind} ${name}`, ours);
  if (ours === undefined) return done;
  await removeObject(management, ours);
  const { what, stuck } = blockageOf([ours], pass.now());
  return wait(stuck ? 'TeardownBlocked' : 'Releasing', `Waiting for ${what} to go`, POLL_MS);
}

function isMade({ subject }: Pass, object: KubeObject): boolean {
  const belonging = belongingOf(subject, object);
  if (belonging !== 'Unknown') return belonging === 'Ours';
  return object.metadata.labels?.[CLUSTER_LABEL] === subject.cluster.name;
}

function note({ book, now }: Pass, name: string, object: KubeObject | undefined): void {
  book.note((journal) => {
    const others = journal.present.filter((one) => one !== name);
    return withPresent(
      journal,
      object === undefined ? others : [...others, identity(object)],
      now(),
    );
  });
}

/** The identity of the agent goes with it. */
export const releaseInstallation: Step = {
  name: 'Release the agent and its identity',
  run: (pass) => release(pass, { ...AGENT_INSTALLATION, name: pass.subject.cluster.name }),
};

/** Both ways. */
export const releasePivots: Step = {
  name: 'Release the Pivots',
  async run(pass): Promise<Outcome> {
    const { name } = pass.subject.cluster;
    const outcomes = await Promise.all(
      [name, backName(name)].map((pivot) => release(pass, { ...PIVOT, name: pivot })),
    );
    return outcomes.find(({ kind }) => kind !== 'Done') ?? done;
  },
};

/** Without it nobody knows what was wanted; so it goes when nothing is left of it. */
export const releasePlan: Step = {
  name: 'Release the ClusterPlan',
  run: (pass) => release(pass, { ...CLUSTER_PLAN, name: pass.subject.cluster.name }),
};

/** Its finalizer keeps what hangs on it; by now nothing does. */
export const releaseAnchor: Step = {
  name: 'Release the anchor',
  async run(pass): Promise<Outcome> {
    const { management } = pass.deps;
    const { namespace, name } = pass.subject.cluster;
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: anchorName(name) };
    const anchor = await during(`read ConfigMap ${ref.name}`, management.get(ref));
    const finalizers = anchor?.metadata.finalizers ?? [];
    if (anchor === undefined || !isMade(pass, anchor)) return done;
    if (!finalizers.includes(ANCHOR_FINALIZER)) return release(pass, ref);
    await changeMetadata(management, anchor, {
      finalizers: finalizers.filter((finalizer) => finalizer !== ANCHOR_FINALIZER),
    });
    return wait('Releasing', `Waiting for ConfigMap ${ref.name} to go`, 0);
  },
};

/** The last copy of the objects goes last. */
export const releaseEscrow: Step = {
  name: 'Release the escrow',
  async run({ deps, subject }): Promise<Outcome> {
    await removeEscrow(deps, escrowed(subject));
    return done;
  },
};
