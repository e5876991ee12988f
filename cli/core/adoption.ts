import type { ClusterPlanSpec, PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import { MANAGED_CLUSTER_CLAIM, NAMESPACED_MANAGED_CLUSTER } from '../../lib/apis/kinds.ts';
import type { ProfileRef } from '../../lib/apis/managed-cluster.generated.ts';
import { USABLE_BY_ANNOTATION } from '../../lib/apis/opt-in.ts';
import { ssh as sshSchema } from '../../lib/apis/schema/access.ts';
import { planSpec } from '../../lib/apis/schema/cluster-plan.ts';
import { shapeMistakes } from '../../lib/apis/schema/defaults.ts';
import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
import { uniqueBy } from '../../lib/core/reported.ts';
import type { Subject } from './snapshot.ts';

const MOST_KEYS = sshSchema.properties?.['authorizedKeys']?.maxItems ?? 0;

/** Adoption is what a management side needs in order to adopt a cluster, but for the kubeconfig. */
export interface Adoption {
  /** The ManagedCluster is the last one. */
  readonly objects: readonly KubeObject[];
  /** Layers of the plan that no profile was recorded for, so the ManagedCluster does not have them. */
  readonly withoutProfile: readonly string[];
}

/** accessSecretName is the name of the Secret with the kubeconfig of a cluster that is adopted. */
export function accessSecretName(cluster: string): string {
  return `${cluster}-access`;
}

/**
 * adoptionOf returns the ManagedCluster that asks for what a cluster has, made from the plan that its agent follows.
 * `from` is the uid of the management side that the cluster belongs to. Only the values of variables are missing: the plan has them at the places where they are used.
 */
export function adoptionOf(
  { flavour, namespace, name }: Subject,
  plan: KubeObject,
  from: string,
): Adoption {
  const { cluster, layers } = specOf(plan);
  const { ssh: _ssh, ...neutral } = cluster;
  const { kubeconfigSecretRef: _old, ...agent } = recordIn(cluster, 'agent') ?? {};
  const ssh = sshOf(recordIn(cluster, 'ssh'), { namespace, name });
  const kind = flavour === 'claim' ? MANAGED_CLUSTER_CLAIM : NAMESPACED_MANAGED_CLUSTER;
  const managedCluster = {
    ...kind,
    metadata: { name, namespace },
    spec: {
      adoptFrom: from,
      ...neutral,
      ...ssh.spec,
      profiles: profilesOf(layers),
      agent: { ...agent, kubeconfigSecretRef: { name: accessSecretName(name) } },
    },
  };
  return {
    objects: [...ssh.secrets, managedCluster],
    withoutProfile: layers.filter((layer) => profileIn(layer) === undefined).map((one) => one.name),
  };
}

function specOf({ spec, metadata: { namespace, name } }: KubeObject): ClusterPlanSpec {
  if (isSpec(spec)) return spec;
  const mistakes = shapeMistakes(spec, planSpec, 'spec').join('; ');
  throw new Error(
    `cannot make a manifest from ClusterPlan ${namespace}/${name} in the cluster: ${mistakes || 'spec.cluster must be of type object'}`,
  );
}

/** The type is generated from this schema, which leaves the content of `cluster` open. */
function isSpec(spec: unknown): spec is ClusterPlanSpec {
  return (
    isRecord(spec) &&
    isRecord(spec['cluster']) &&
    shapeMistakes(spec, planSpec, 'spec').length === 0
  );
}

/** The profiles in an order that results in the order of the layers: only within a priority the claim decides it. */
function profilesOf(layers: readonly PlanLayer[]): readonly ProfileRef[] {
  const priorities = [...new Set(layers.map(({ installPriority }) => installPriority))];
  const sequences = priorities.map((priority) => {
    const together = layers.filter(({ installPriority }) => installPriority === priority);
    return [...new Set(together.flatMap((layer) => profileIn(layer) ?? []))];
  });
  return merged(sequences).map((profile) => {
    const at = profile.indexOf('@');
    const own = layers.filter((layer) => layer.profile === profile);
    return { name: profile.slice(0, at), version: profile.slice(at + 1), ...variablesOf(own) };
  });
}

/** `name@version` as the function writes it; a plan that was changed by hand can have anything. */
function profileIn({ profile = '' }: PlanLayer): string | undefined {
  return /^[^@]+@./.test(profile) ? profile : undefined;
}

/** All items of the sequences, in an order in which each sequence keeps its own, if there is one. */
function merged(sequences: readonly (readonly string[])[]): readonly string[] {
  const firsts = sequences.flatMap((sequence) => sequence.slice(0, 1));
  const free = firsts.find((one) => !sequences.some((sequence) => sequence.indexOf(one) > 0));
  const next = free ?? firsts[0];
  if (next === undefined) return [];
  const left = sequences.map((sequence) => sequence.filter((one) => one !== next));
  return [next, ...merged(left)];
}

/** A plan has sensitive variables as references, as a claim does. */
function variablesOf(layers: readonly PlanLayer[]): Pick<ProfileRef, 'variables'> {
  const secret = layers.flatMap(({ secretVariables = [] }) => secretVariables);
  return secret.length === 0 ? {} : { variables: uniqueBy(secret, ({ name }) => name) };
}

interface Ssh {
  readonly spec: { readonly ssh?: unknown };
  readonly secrets: readonly KubeObject[];
}

/** Keys that came from a Secret can be more than a claim may have, so they become one again. */
function sshOf(
  ssh: Readonly<Record<string, unknown>> | undefined,
  { namespace, name }: Pick<Subject, 'namespace' | 'name'>,
): Ssh {
  const keys = ssh?.['authorizedKeys'];
  if (!Array.isArray(keys) || keys.length <= MOST_KEYS) {
    return { spec: ssh === undefined ? {} : { ssh }, secrets: [] };
  }
  const { authorizedKeys: _keys, ...rest } = ssh ?? {};
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `${name}-ssh-keys`,
      namespace,
      annotations: { [USABLE_BY_ANNOTATION]: name },
    },
    stringData: { authorizedKeys: `${keys.join('\n')}\n` },
  };
  return {
    spec: { ssh: { ...rest, secretRef: { name: secret.metadata.name } } },
    secrets: [secret],
  };
}
