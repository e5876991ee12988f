import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import type { PlanAcceptedReason } from '../../lib/apis/reasons/cluster-plan.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { covers } from '../../lib/core/subset.ts';
import { sameJson } from './applied.ts';
import { differences, namedPaths } from './differences.ts';
import {
  ACCEPT_PLAN_ANNOTATION,
  acceptanceOf,
  isAccepted,
  isSuccessor,
  type Lineage,
  LINEAGE_ANNOTATION,
  lineageIn,
  linkTo,
  SPEC_ANNOTATION,
  specHash,
} from './plan-lineage.ts';

/** GENERATION_ANNOTATION on the local copy of a plan has its generation on the management side. */
export const GENERATION_ANNOTATION = 'managedcluster.io/management-generation';

/** UID_ANNOTATION on the local copy has the UID of the plan on the management side. */
export const UID_ANNOTATION = 'managedcluster.io/management-uid';

/**
 * Copy is the decision about the local copy of a plan. `Offer`: the plan is taken as soon as the management side has
 * the lineage in its status. `Ignore`: the plan is not taken, and the reason is shown in PlanAccepted.
 */
export type Copy =
  | { readonly kind: 'Current' }
  | { readonly kind: 'ChangedInside'; readonly message: string }
  | { readonly kind: 'Offer'; readonly lineage: Lineage }
  | { readonly kind: 'Create' | 'Replace'; readonly object: KubeObject }
  | {
      readonly kind: 'Ignore';
      readonly reason: PlanAcceptedReason;
      readonly message: string;
      /** Milliseconds until the plan may be taken without an event. */
      readonly againMs?: number;
    };

const CURRENT: Copy = { kind: 'Current' };

/**
 * How long the plan of a management side that was restored must not have changed, in milliseconds. A controller that ran
 * through the restore, such as Crossplane, can still write what it remembers, which is what the cluster has, and then what
 * the restored claim asks for: that is no change by a user.
 */
export const SETTLED_MS = 60_000;

/** Shown is what is seen of the management side. */
export interface Shown {
  readonly plan: ClusterPlan | undefined;
  /** Milliseconds since this plan of a restored management side was first seen. */
  readonly unchangedMs: number;
}

/**
 * copyOf decides about the local copy of the plan on the management side. A plan that is deleted or being
 * deleted changes nothing: its loss never tears anything down (DESIGN 7). A plan with an older epoch, or that is no
 * successor of the plan that the cluster follows, comes from a backup, or from a side that does not know yet that it
 * lost the cluster. A change inside the cluster, for example during a network outage, is kept until the claim changes.
 */
export function copyOf(
  { plan: shown, unchangedMs }: Shown,
  local: ClusterPlan | undefined,
  namespace: string,
): Copy {
  if (shown === undefined || shown.metadata.deletionTimestamp !== undefined) return CURRENT;
  if (local === undefined) return created(shown, namespace);
  const [theirs, ours] = [shown.spec.epoch, local.spec.epoch];
  if (theirs < ours) {
    return {
      kind: 'Ignore',
      reason: 'OlderEpoch',
      message: `The plan on the management side has epoch ${theirs}, but the cluster has already accepted epoch ${ours}: the plan is ignored until its epoch is at least ${ours}`,
    };
  }
  const link = local.metadata.annotations?.[LINEAGE_ANNOTATION];
  if (link === undefined) return replaced(shown, local, linkTo(shown, ''));
  if (isSuccessor(shown, link)) return followed(shown, local, link);
  return forgotten({ shown, local, link }, unchangedMs);
}

interface Broken {
  readonly shown: ClusterPlan;
  readonly local: ClusterPlan;
  readonly link: string;
}

/** The management side does not know the link any more: its plan is followed only if nothing can be lost. */
function forgotten({ shown, local, link }: Broken, unchangedMs: number): Copy {
  if (isAccepted(shown, link)) return attached(shown, local, link);
  if (!isUnchanged(shown, local)) return restored(notASuccessor(shown, local, link));
  // The first plan of all: nothing was taken since that could be lost, and the link is only not written down yet.
  const isFirst = link === linkTo(shown, '');
  // Another side, which has adopted the cluster, has nobody who remembers it from before.
  const isAdopted =
    shown.spec.epoch > local.spec.epoch &&
    local.metadata.annotations?.[UID_ANNOTATION] !== shown.metadata.uid;
  if (isFirst || isAdopted || unchangedMs >= SETTLED_MS) return attached(shown, local, link);
  return { ...restored(unsettled(shown)), againMs: SETTLED_MS - unchangedMs };
}

/** observedGeneration is the generation of the plan on the management side that a local copy has. */
export function observedGeneration(local: KubeObject): number | undefined {
  const text = local.metadata.annotations?.[GENERATION_ANNOTATION];
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

function created(shown: ClusterPlan, namespace: string): Copy {
  const { name = '' } = shown.metadata;
  const metadata = { name, namespace, annotations: taken(shown, linkTo(shown, '')) };
  return { kind: 'Create', object: { ...CLUSTER_PLAN, metadata, spec: shown.spec } };
}

/** The management side has all that it had when the cluster took its plan. */
function followed(shown: ClusterPlan, local: ClusterPlan, link: string): Copy {
  if (isOrigin(shown, local)) {
    return sameJson(local.spec, shown.spec)
      ? CURRENT
      : {
          kind: 'ChangedInside',
          message:
            'The plan was changed inside the cluster; the change is lost when the claim changes, so make it in the claim too',
        };
  }
  const head = linkTo(shown, link);
  const recorded = lineageIn(shown.status);
  return recorded?.parent === link && recorded.head === head
    ? replaced(shown, local, head)
    : { kind: 'Offer', lineage: { parent: link, head } };
}

/** The plan is to be followed, from the link of the cluster on. */
function attached(shown: ClusterPlan, local: ClusterPlan, link: string): Copy {
  const head = isOrigin(shown, local) ? link : linkTo(shown, link);
  return { kind: 'Offer', lineage: { parent: link, head } };
}

/** The plan that was taken, and not another one that has got the same generation since a restore. */
function isOrigin(shown: ClusterPlan, local: ClusterPlan): boolean {
  return covers(local.metadata.annotations, origin(shown)) && isAsTaken(shown, local);
}

/** What the claim asks for is what the cluster has: with the plan that was taken, or with one that was changed inside. */
function isUnchanged(shown: ClusterPlan, local: ClusterPlan): boolean {
  return isAsTaken(shown, local) || sameJson(asked(local), asked(shown));
}

/** What a plan asks for in the cluster. Its epoch, and how this side reaches the cluster, are not part of it. */
function asked({ spec: { epoch: _epoch, cluster, ...spec } }: ClusterPlan): unknown {
  const { agent: _agent, deletionPolicy: _policy, ...wanted } = cluster;
  return { ...spec, cluster: wanted };
}

/** A copy of an agent that wrote no hash is known by its generation only. */
function isAsTaken(shown: ClusterPlan, { metadata: { annotations } }: ClusterPlan): boolean {
  const hash = annotations?.[SPEC_ANNOTATION];
  return hash === undefined ? covers(annotations, origin(shown)) : hash === specHash(shown.spec);
}

function replaced(shown: ClusterPlan, local: ClusterPlan, link: string): Copy {
  const annotations = { ...local.metadata.annotations, ...taken(shown, link) };
  // The same plan under another generation or uid is no change of the claim: what was changed inside stays.
  const spec = isAsTaken(shown, local) ? local.spec : shown.spec;
  return {
    kind: 'Replace',
    object: { ...local, metadata: { ...local.metadata, annotations }, spec },
  };
}

const FORGOT =
  'The management side does not know the plan that the cluster follows any more, so it was restored from a backup or replaced';

function notASuccessor(shown: ClusterPlan, local: ClusterPlan, link: string): string {
  const { name = '', namespace = '', generation = 0 } = shown.metadata;
  const paths = namedPaths(differences(asked(local), asked(shown)));
  return (
    `${FORGOT}; its plan (generation ${generation}) is not followed, because it differs in ${paths}. ` +
    'Change the claim until it asks for what the cluster has, or accept the plan as it is: ' +
    `kubectl -n ${namespace} annotate --overwrite clusterplans.m.managedcluster.io/${name} ${ACCEPT_PLAN_ANNOTATION}=${acceptanceOf(shown, link)}`
  );
}

function unsettled({ metadata: { generation = 0 } }: ClusterPlan): string {
  return `${FORGOT}; its plan (generation ${generation}) asks for what the cluster has, and is followed when it has not changed for ${SETTLED_MS / 1000} s, because a controller there may still write what it remembers from before`;
}

function restored(message: string): Extract<Copy, { kind: 'Ignore' }> {
  return { kind: 'Ignore', reason: 'ManagementRestored', message };
}

function taken(shown: ClusterPlan, link: string): Readonly<Record<string, string>> {
  return {
    ...origin(shown),
    [LINEAGE_ANNOTATION]: link,
    [SPEC_ANNOTATION]: specHash(shown.spec),
  };
}

function origin({ metadata }: KubeObject): Readonly<Record<string, string>> {
  const { generation = 0, uid = '' } = metadata;
  return { [GENERATION_ANNOTATION]: String(generation), [UID_ANNOTATION]: uid };
}
