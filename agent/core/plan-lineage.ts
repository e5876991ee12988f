/**
 * The chain of plans that a cluster has taken from its management side. The agent writes the next link into the
 * status of the plan before it takes that plan: a management side that shows neither end of the link has lost what
 * was written there since, so it was restored from a backup or is another one (docs/decisions/0025).
 */
import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import { canonicalJson, sha256 } from '../../lib/core/hash.ts';
import { recordIn } from '../../lib/core/object.ts';
import { jsonOf } from './applied.ts';

/** LINEAGE_ANNOTATION on the local copy of a plan is its link of the chain. */
export const LINEAGE_ANNOTATION = 'managedcluster.io/management-lineage';

/** SPEC_ANNOTATION on the local copy is the hash of the spec as it came; the copy itself can be edited. */
export const SPEC_ANNOTATION = 'managedcluster.io/management-spec';

/**
 * ACCEPT_PLAN_ANNOTATION on the plan of the management side, set by a user, is the generation of that plan and the link
 * of the cluster ({@link acceptanceOf}): the agent takes it although it is not a successor of the plan that the cluster
 * follows.
 */
export const ACCEPT_PLAN_ANNOTATION = 'managedcluster.io/accept-plan';

/** Lineage is `ClusterPlan.status.lineage`: the link that the cluster has, and the one that this plan would be. */
export type Lineage = NonNullable<NonNullable<ClusterPlan['status']>['lineage']>;

/** Characters of a link, of a SHA-256 in hexadecimal. */
const LINK = 32;

/** linkTo is the link of a plan that follows the link `parent`; a first plan follows ''. */
export function linkTo({ metadata, spec }: ClusterPlan, parent: string): string {
  const { uid = '', generation = 0 } = metadata;
  return sha256(`${parent} ${uid} ${generation} ${specHash(spec)}`).slice(0, LINK);
}

/** specHash is the value of {@link SPEC_ANNOTATION}. */
export function specHash(spec: ClusterPlan['spec']): string {
  return sha256(canonicalJson(jsonOf(spec))).slice(0, LINK);
}

/** lineageIn is the lineage in the status of a plan. */
export function lineageIn(status: unknown): Lineage | undefined {
  const { parent, head } = recordIn(status, 'lineage') ?? {};
  return typeof parent === 'string' && typeof head === 'string' ? { parent, head } : undefined;
}

/** isSuccessor reports whether the management side still knows a link, so that its plan is the same or a later one. */
export function isSuccessor(shown: ClusterPlan, link: string): boolean {
  const { parent, head } = lineageIn(shown.status) ?? {};
  return parent === link || head === link;
}

/** acceptanceOf is the {@link ACCEPT_PLAN_ANNOTATION} that accepts a plan in place of the one with that link. */
export function acceptanceOf({ metadata }: ClusterPlan, link: string): string {
  return `${metadata.generation ?? 0}-${link}`;
}

/**
 * isAccepted reports whether a user has accepted exactly this plan in place of exactly the one that the cluster follows:
 * the annotation is in later backups too, and there it must not accept anything.
 */
export function isAccepted(plan: ClusterPlan, link: string): boolean {
  return plan.metadata.annotations?.[ACCEPT_PLAN_ANNOTATION] === acceptanceOf(plan, link);
}
