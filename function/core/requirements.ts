import { SECRET, type CredentialRef } from '../../capi/cloud.ts';
import * as capi from '../../capi/kinds.ts';
import { CLUSTER_NAME_LABEL } from '../../capi/labels.ts';
import type { ManagedClusterSpec } from '../../lib/apis/managed-cluster.generated.ts';
import * as kinds from '../../lib/apis/kinds.ts';
import { CLUSTER, CLUSTER_PLAN, PIVOT } from './composed-names.ts';
import { checkedIdentity, IDENTITY } from './identity.ts';
import type { Observed, Target } from './observed.ts';

/** Selector selects the objects that Crossplane must send with the request. */
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
/** Keys of existing objects with our name; a self-managed cluster no longer has a Cluster here. */
export const NAMESAKE = 'namesake';
export const NAMESAKE_PLAN = 'namesake-plan';
export const NAMESAKE_PIVOT = 'namesake-pivot';

/** profileKey returns the key of a ClusterProfile. */
export function profileKey(name: string): string {
  return `profile/${name}`;
}

/**
 * requirementsOf returns the objects that the function needs in addition to the composed resources. The
 * list depends only on the claim and on composed resources, never on the answers, so that Crossplane
 * calls the function at most twice (facts/crossplane.md 3).
 *
 * The kubeconfig Secret is not included: the function must not read credentials, and
 * RemoteConnectionProbe proves more than the existence of the Secret. Of a Secret with cloud credentials the
 * function keeps only the metadata and the type (run-function.ts); Crossplane cannot send less.
 */
export function requirementsOf(
  spec: ManagedClusterSpec,
  target: Target,
  observed: Observed,
  committed: boolean,
): Readonly<Record<string, Selector>> {
  const { name, namespace } = target;
  const secret = spec.ssh?.secretRef?.name;
  const identity = committed ? undefined : checkedIdentity(spec, target);
  const moving = !committed && observed.composed[CLUSTER] !== undefined;
  return {
    ...Object.fromEntries(
      spec.profiles.map((profile) => [
        profileKey(profile.name),
        { ...kinds.CLUSTER_PROFILE, matchName: profile.name },
      ]),
    ),
    ...(secret === undefined ? {} : { [SSH_KEYS]: { ...SECRET, matchName: secret, namespace } }),
    ...(identity === undefined ? {} : { [IDENTITY]: selectorOf(identity) }),
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

function selectorOf({ apiVersion, kind, name: matchName, namespace }: CredentialRef): Selector {
  return { apiVersion, kind, matchName, ...(namespace === undefined ? {} : { namespace }) };
}

function namesakesOf({ name: matchName, namespace }: Target): Readonly<Record<string, Selector>> {
  return {
    [NAMESAKE]: { ...capi.CLUSTER, namespace, matchName },
    [NAMESAKE_PLAN]: { ...kinds.CLUSTER_PLAN, namespace, matchName },
    [NAMESAKE_PIVOT]: { ...kinds.PIVOT, namespace, matchName },
  };
}

/**
 * Once our Cluster exists, no object of another composite can conflict. During a pivot our Cluster still
 * exists but is controlled by an anchor, so we do not observe it; objects from after the gates prove that
 * it is ours.
 */
function begun({ composed }: Observed): boolean {
  return [CLUSTER, CLUSTER_PLAN, PIVOT].some((name) => composed[name] !== undefined);
}
