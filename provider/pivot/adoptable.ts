import { cloudNamed } from '../../capi/clouds/index.ts';
import { CLUSTER } from '../../capi/kinds.ts';
import { wrapError } from '../../lib/errors.ts';
import { done, stalled, type Outcome } from '../../lib/reconcile/outcome.ts';
import { contradictions, strangeObjects, takenMachines } from '../core/handover/adoption.ts';
import { desiredBy } from '../core/handover/desired.ts';
import { claimedFrom } from '../core/handover/identities.ts';
import { recordOf } from '../core/handover/record.ts';
import { targetRefusal } from '../core/installation/target-refusal.ts';
import type { Graph } from '../core/pivot/graph.ts';
import { otherRecords } from '../handover/store.ts';
import { targetFacts } from '../target-facts.ts';
import { ownUid } from './own-uid.ts';
import type { Scope } from './scope.ts';
import { idsHere } from './trust.ts';

/** Number of fields or machines that a message names. */
const NAMED = 5;

/**
 * adoptable checks what a cluster says about itself before it is written down as true: it is the cluster that is
 * meant, it consists of what this product makes, and neither the claim nor the other clusters of this side deny it.
 */
export async function adoptable(scope: Scope, graph: Graph): Promise<Outcome> {
  for (const check of [isMeant, isAsClaimed, hasOwnMachines]) {
    // oxlint-disable-next-line no-await-in-loop -- the first check that fails is reported
    const outcome = await check(scope, graph);
    if (outcome.kind !== 'Done') return outcome;
  }
  return done;
}

/** The installation checks the same, but only after the commit. */
async function isMeant({ target, deps, cluster, record }: Scope): Promise<Outcome> {
  const facts = await targetFacts(target.api);
  const { name } = record.spec.kubeconfigSecretRef;
  const refusal = targetRefusal(facts, {
    cluster,
    kubeconfig: `${cluster.namespace}/${name}`,
    knownUid: undefined,
    managementUid: await ownUid(deps),
    forgotten: false,
  });
  return refusal === undefined ? done : stalled('TargetRefused', refusal.message);
}

async function isAsClaimed(scope: Scope, { objects }: Graph): Promise<Outcome> {
  const cloud = cloudNamed(scope.record.spec.provider);
  const cluster = await claimOf(scope);
  const desired = desiredBy({ ...CLUSTER, metadata: {}, spec: { cluster } }, scope.cluster);
  if (cloud === undefined || desired.length === 0) {
    return stalled(
      'AdoptionMismatch',
      'What the cluster should be is not known, so nothing that it says can be compared: adopt it with a ManagedCluster that this version of the provider can expand',
    );
  }
  const strange = strangeObjects(objects, cloud);
  if (strange.length > 0) {
    return stalled(
      'AdoptionMismatch',
      `The cluster has objects that no cluster of its cloud consists of: ${named(strange)}; remove them, or their label of the cluster, from the namespace of the cluster in the cluster`,
    );
  }
  const differing = contradictions(objects, desired);
  return differing.length === 0
    ? done
    : stalled(
        'AdoptionMismatch',
        `The cluster is not what the claim asks for: ${named(differing)}; change the claim until it describes the cluster`,
      );
}

async function hasOwnMachines(scope: Scope, { objects }: Graph): Promise<Outcome> {
  const { deps, cluster } = scope;
  const own = recordOf({ ...cluster, composite: undefined, handover: '', epoch: 0 }, objects);
  const others = await otherRecords(deps, cluster);
  const claimed = new Set([...claimedFrom(own, others), ...(await idsHere(scope))]);
  const taken = takenMachines(objects, claimed);
  return taken.length === 0
    ? done
    : stalled(
        'MachinesClaimed',
        `The cluster has machines that belong to other clusters of this management side: ${named(taken)}`,
      );
}

/** The composite that controls the Pivot has what the claim asks for. */
async function claimOf({ record, deps, cluster }: Scope): Promise<unknown> {
  const owner = record.object.metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner === undefined) return undefined;
  const { apiVersion, kind, name, uid } = owner;
  const ref = { apiVersion, kind, name, namespace: cluster.namespace };
  const found = await wrapError('read the composite', deps.management.get(ref));
  return found?.metadata.uid === uid ? found['spec'] : undefined;
}

function named(list: readonly string[]): string {
  const more = list.length > NAMED ? ` and ${list.length - NAMED} more` : '';
  return `${list.slice(0, NAMED).join(', ')}${more}`;
}
