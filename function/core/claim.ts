import { problems as expansionProblems } from '../../capi/problems.ts';
import type { ClusterInput } from '../../capi/cloud.ts';
import { clouds } from '../../capi/clouds/index.ts';
import type { PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import type { ManagedClusterSpec } from '../../lib/apis/managed-cluster.generated.ts';
import { clusterSpec } from '../../lib/apis/schema/cluster-spec.ts';
import { shapeMistakes, withDefaults } from '../../lib/apis/schema/defaults.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { isControlledBy } from '../../lib/core/owners.ts';
import { targetOf, type Observed, type Target } from './observed.ts';
import { identityProblems } from './identity.ts';
import { invalid, type Problem } from './problem.ts';
import { resolveProfiles } from './profiles.ts';
import { NAMESAKE, NAMESAKE_PIVOT, NAMESAKE_PLAN } from './requirements.ts';
import { sshKeysOf } from './ssh-keys.ts';

const SCHEMA = clusterSpec(clouds);

/** Parsed is the claim with its defaults, or the problems if it does not match the schema. */
export type Parsed =
  | { readonly kind: 'Claim'; readonly spec: ManagedClusterSpec; readonly target: Target }
  | { readonly kind: 'Misshapen'; readonly problems: readonly Problem[] };

/** Understood is the claim, resolved as far as possible, and its problems. */
export interface Understood {
  readonly input: ClusterInput;
  readonly layers: readonly PlanLayer[];
  readonly problems: readonly Problem[];
}

/** parse validates the spec against the schema; all code after it can rely on the type of the spec. */
export function parse(composite: KubeObject): Parsed {
  const target = targetOf(composite);
  const spec = withDefaults(composite['spec'] ?? {}, SCHEMA);
  if (target === undefined) {
    return misshapen([
      'this object has no namespace for the cluster: create a ManagedCluster claim or a NamespacedManagedCluster instead',
    ]);
  }
  if (!isSpec(spec)) {
    return misshapen(shapeMistakes(spec, SCHEMA, 'spec'));
  }
  const { provider } = spec.cloud;
  if (spec.cloud[provider] === undefined) {
    return misshapen([`spec.cloud.${provider} is required if spec.cloud.provider is ${provider}`]);
  }
  return { kind: 'Claim', spec, target };
}

/** understand resolves keys and profiles, and collects all problems of the claim. */
export function understand(
  spec: ManagedClusterSpec,
  target: Target,
  observed: Observed,
  committed: boolean,
): Understood {
  const { keys, problems: keyProblems } = sshKeysOf(spec, target, observed);
  const { layers, problems: profileProblems } = resolveProfiles(spec.profiles, observed.required);
  const input: ClusterInput = { ...target, spec, authorizedKeys: keys };
  return {
    input,
    layers,
    problems: [
      ...expansionProblems(input).map(invalid),
      ...(committed ? [] : adoption(spec)),
      ...namesake(target, observed),
      ...profileProblems,
      ...keyProblems,
      // Afterwards the cluster uses its own copy.
      ...(committed ? [] : identityProblems(spec, target, observed)),
    ],
  };
}

/** The schema has the same rule; `crossplane render` does not look at it. */
function adoption({ adoptFrom, agent }: ManagedClusterSpec): readonly Problem[] {
  return adoptFrom !== undefined && agent.kubeconfigSecretRef === undefined
    ? [
        invalid(
          'spec.adoptFrom needs spec.agent.kubeconfigSecretRef: the kubeconfig of the cluster',
        ),
      ]
    : [];
}

/**
 * Crossplane adopts and overwrites an object of the same name without a controller
 * (facts/crossplane.md 1.3), so a Cluster that is not ours is refused before the first write. The same
 * applies to the objects that remain of a pivoted cluster.
 */
function namesake({ name, namespace }: Target, observed: Observed): readonly Problem[] {
  const uid = observed.composite.metadata.uid;
  const there = [NAMESAKE, NAMESAKE_PLAN, NAMESAKE_PIVOT].flatMap(
    (key) => observed.required[key] ?? [],
  );
  const other = there.find((object) => !isControlledBy(object, uid));
  if (other === undefined) return [];
  return [
    {
      reason: 'NameTaken',
      message: `${other.kind} ${namespace}/${name} already exists and was not created by this object: choose another name`,
      awaited: true,
    },
  ];
}

/** The type is generated from this schema. */
function isSpec(value: unknown): value is ManagedClusterSpec {
  return shapeMistakes(value, SCHEMA, 'spec').length === 0;
}

function misshapen(mistakes: readonly string[]): Parsed {
  return { kind: 'Misshapen', problems: mistakes.map(invalid) };
}
