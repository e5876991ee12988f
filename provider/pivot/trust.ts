import { CLUSTER } from '../../capi/kinds.ts';
import { CLUSTER_NAME_LABEL } from '../../capi/labels.ts';
import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { LEAVE_UNEXPLAINED_ANNOTATION } from '../../lib/apis/ownership.ts';
import { recordIn, type KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import { doneWith, stalled, type Outcome } from '../../lib/reconcile/outcome.ts';
import { believed, type Belief } from '../core/handover/belief.ts';
import { desiredBy } from '../core/handover/desired.ts';
import { claimedFrom, identitiesOf } from '../core/handover/identities.ts';
import type { Trust } from '../core/handover/machines.ts';
import { withKnown, type HandoverRecord } from '../core/handover/record.ts';
import { isMadeByClusterApi } from '../core/handover/secrets.ts';
import { wellFormed } from '../core/handover/well-formed.ts';
import { moveTypes } from '../core/pivot/move-types.ts';
import { sourceUidOf } from '../core/pivot/existing.ts';
import { keyOf } from '../core/pivot/identity.ts';
import { keysSecretName } from '../handover/keyring.ts';
import { otherRecords, readRecord } from '../handover/store.ts';
import { crdsOf } from './crds.ts';
import { compositeOf, type Scope } from './scope.ts';

const MACHINE = { apiVersion: CLUSTER.apiVersion, kind: 'Machine' };

/** Number of objects that a message names. */
const NAMED = 5;

/** Known is what the management side knows, and what it has itself. */
interface Known extends Trust {
  /** Keys of Secrets and ConfigMaps that stand on the management side and are no copies: they stay as they are. */
  readonly here: ReadonlySet<string>;
}

const known = new WeakMap<Scope, Promise<Outcome<Known>>>();

/** isBelieved reports whether the source is the management side, whose own objects need no explanation. */
export function isBelieved({ target }: Scope): boolean {
  return target.side !== 'management';
}

/**
 * trustOf returns what the management side knows about a cluster that is taken back, read once per pass; Stalled
 * without a usable record of its handover.
 */
export function trustOf(scope: Scope): Promise<Outcome<Known>> {
  const before = known.get(scope);
  if (before !== undefined) return before;
  const trust = read(scope);
  known.set(scope, trust);
  trust.catch(() => known.delete(scope));
  return trust;
}

async function read(scope: Scope): Promise<Outcome<Known>> {
  const { deps, cluster, target } = scope;
  const ref = { ...cluster, composite: compositeOf(scope) };
  const [own, crds, plan, others, ids] = await Promise.all([
    readRecord(deps, ref),
    crdsOf(target.api, target.server),
    planOf(scope),
    otherRecords(deps, cluster),
    idsHere(scope),
  ]);
  const { record, refused, keyUnknown } = own;
  if (record !== undefined) {
    const claimed = new Set([...claimedFrom(record, others), ...ids]);
    const current = withKnown(record, desiredBy(plan, cluster));
    const versions = new Set(moveTypes(crds).map(({ apiVersion }) => apiVersion));
    const here = await standingHere(scope, record);
    return doneWith({ record: current, claimed, versions, here });
  }
  const where = `cluster ${cluster.namespace}/${cluster.name}`;
  if (refused.length === 0) {
    return stalled(
      'RecordMissing',
      `There is no record of the handover of ${where}, so nothing that it contains can be verified: restore the Secret with the label managedcluster.io/record from a backup, or set spec.deletionPolicy of the claim to Orphan and remove its machines in your cloud`,
    );
  }
  const advice = keyUnknown
    ? `restore the keys of the provider in Secret ${keysSecretName(deps)} from a backup`
    : 'restore the Secret from a backup';
  return stalled(
    'RecordRefused',
    `The record of the handover of ${where} was not written by this provider, or was changed (${refused.slice(0, NAMED).join('; ')}): ${advice}, or set spec.deletionPolicy of the claim to Orphan and remove its machines in your cloud`,
  );
}

async function planOf({ deps, cluster }: Scope): Promise<KubeObject | undefined> {
  try {
    return await deps.management.get({ ...CLUSTER_PLAN, ...cluster });
  } catch (error) {
    if (isNoMatch(error)) return undefined;
    throw error;
  }
}

/** idsHere returns the identities of the machines of other clusters on this side. */
export async function idsHere({ deps, cluster }: Scope): Promise<readonly string[]> {
  const { items } = await wrapError('list the Machines', deps.management.list(MACHINE));
  const others = items.filter(
    (machine) =>
      machine.metadata.namespace !== cluster.namespace ||
      recordIn(machine, 'spec')?.['clusterName'] !== cluster.name,
  );
  return others.flatMap((machine) => identitiesOf(machine));
}

/**
 * A login or a ConfigMap of a user may have been created again on this side since the handover, for example by GitOps:
 * what its owner says here counts, like the kubeconfig. Not what Cluster API itself makes, such as authorities.
 */
async function standingHere(
  scope: Scope,
  { objects }: HandoverRecord,
): Promise<ReadonlySet<string>> {
  const { deps, cluster } = scope;
  const own = objects.filter(({ secret }) => secret !== undefined && !isMadeByClusterApi(secret));
  const here = await Promise.all(
    own.map(async ({ key, uid }) => {
      const [, kind = '', name = ''] = key.split('/');
      const ref = { apiVersion: 'v1', kind, namespace: cluster.namespace, name };
      const found = await wrapError(`read ${kind} ${name}`, deps.management.get(ref));
      const isOthers =
        found !== undefined && found.metadata.uid !== uid && !isCopyOfCluster(scope, found);
      return isOthers ? [key] : [];
    }),
  );
  return new Set(here.flat());
}

/** beliefOf returns what of the source is taken back; Stalled if something must not be passed over without a word. */
export async function beliefOf(
  scope: Scope,
  objects: readonly KubeObject[],
): Promise<Outcome<Belief>> {
  const trust = await trustOf(scope);
  if (trust.kind !== 'Done') return trust;
  const { here } = trust.value;
  const belief = believed(
    wellFormed(objects).filter((object) => !here.has(keyOf(object))),
    trust.value,
  );
  const { unexplained } = belief;
  if (unexplained.length === 0 || isLeft(scope)) return doneWith(belief);
  const more = unexplained.length > NAMED ? ` and ${unexplained.length - NAMED} more` : '';
  return stalled(
    'RecordMismatch',
    `The cluster has what the record of its handover does not explain: ${unexplained.slice(0, NAMED).join('; ')}${more}. Correct it in the cluster; or, if it may stay there, set annotation ${LEAVE_UNEXPLAINED_ANNOTATION}: "true" on this Pivot, and afterwards remove such machines in your cloud`,
  );
}

function isLeft({ record }: Scope): boolean {
  return record.object.metadata.annotations?.[LEAVE_UNEXPLAINED_ANNOTATION] === 'true';
}

/** Ownership tells whether an object on the target may be overwritten by a copy. */
export type Ownership = (existing: KubeObject) => boolean;

/**
 * ownershipOn returns how the target proves that an object there is of this cluster: on the management side by the
 * marks that this side has written, or because it is the very object that was handed over. Undefined for a workload
 * side, which contains no other clusters.
 */
export async function ownershipOn(scope: Scope): Promise<Ownership | undefined> {
  if (isBelieved(scope)) return undefined;
  const trust = await trustOf(scope);
  const objects = trust.kind === 'Done' ? trust.value.record.objects : [];
  const uids = new Map(objects.map(({ key, uid }) => [key, uid]));
  return (existing) =>
    isCopyOfCluster(scope, existing) || uids.get(keyOf(existing)) === existing.metadata.uid;
}

/** isCopyOfCluster reports whether a pivot of this cluster created an object on the management side. */
export function isCopyOfCluster({ cluster }: Scope, existing: KubeObject): boolean {
  const isNamed = existing.metadata.labels?.[CLUSTER_NAME_LABEL] === cluster.name;
  return isNamed && sourceUidOf(existing) !== undefined;
}
