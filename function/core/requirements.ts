import { SECRET } from '../../capi/cloud.ts';
import * as capi from '../../capi/kinds.ts';
import { CLUSTER_NAME_LABEL } from '../../capi/labels.ts';
import type { ManagedClusterSpec } from '../../lib/apis/managed-cluster.generated.ts';
import * as kinds from '../../lib/apis/kinds.ts';
import { CLUSTER, CLUSTER_PLAN, PIVOT } from './composed-names.ts';
import type { Observed, Target } from './observed.ts';

/** Selector says which objects Crossplane shall send along with the request. */
export interface Selector {
  readonly apiVersion: string;
  readonly kind: string;
  readonly matchName?: string;
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
}

/** Key of the Machines of the cluster. */
export const MACHINES = 'machines';
/** Key of the Secret with public SSH keys. */
export const SSH_KEYS = 'ssh-keys';
/** Keys of what has our name already; of a cluster that manages itself there is no Cluster any more. */
export const NAMESAKE = 'namesake';
export const NAMESAKE_PLAN = 'namesake-plan';
export const NAMESAKE_PIVOT = 'namesake-pivot';

/** profileKey is the key of one ClusterProfile. */
export function profileKey(name: string): string {
  return `profile/${name}`;
}

/**
 * requirementsOf are the objects that the function has to see besides what it composes. The list
 * depends on the claim and on composed resources only, never on the answers, so that Crossplane's
 * second call is its last (facts/crossplane.md 3).
 *
 * The kubeconfig Secret is not among them: a credential has no business in a function, and
 * RemoteConnectionProbe proves more than its presence.
 */
export function requirementsOf(
  spec: ManagedClusterSpec,
  target: Target,
  observed: Observed,
  committed: boolean,
): Readonly<Record<string, Selector>> {
  const { name, namespace } = target;
  const secret = spec.ssh?.secretRef?.name;
  const moving = !committed && observed.composed[CLUSTER] !== undefined;
  return {
    ...Object.fromEntries(
      spec.profiles.map((profile) => [
        profileKey(profile.name),
        { ...kinds.CLUSTER_PROFILE, matchName: profile.name },
      ]),
    ),
    ...(secret === undefined ? {} : { [SSH_KEYS]: { ...SECRET, matchName: secret, namespace } }),
    ...(moving
      ? {
          [MACHINES]: {
            ...capi.MACHINE,
            namespace,
            matchLabels: { [CLUSTER_NAME_LABEL]: name },
          },
        }
      : {}),
    ...(committed || begun(observed) ? {} : namesakesOf(target)),
  };
}

function namesakesOf({ name: matchName, namespace }: Target): Readonly<Record<string, Selector>> {
  return {
    [NAMESAKE]: { ...capi.CLUSTER, namespace, matchName },
    [NAMESAKE_PLAN]: { ...kinds.CLUSTER_PLAN, namespace, matchName },
    [NAMESAKE_PIVOT]: { ...kinds.PIVOT, namespace, matchName },
  };
}

/**
 * Once there is a Cluster of ours, nothing of another's can be in the way. A pivot makes ours invisible
 * while it is still there, controlled by an anchor; what came behind the gates tells that it is ours.
 */
function begun({ composed }: Observed): boolean {
  return [CLUSTER, CLUSTER_PLAN, PIVOT].some((name) => composed[name] !== undefined);
}
