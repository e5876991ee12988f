import type {
  ClusterProfileSpec,
  Layer,
  ProfileVersion,
} from '../../lib/apis/cluster-profile.generated.ts';
import type { PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import type { ProfileRef } from '../../lib/apis/managed-cluster.generated.ts';
import { profileSpec } from '../../lib/apis/schema/cluster-profile.ts';
import { shapeMistakes, withDefaults } from '../../lib/apis/schema/defaults.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { Problem } from './problem.ts';
import { profileKey } from './requirements.ts';
import { fillIn } from '../../lib/core/substitution.ts';
import { resolveVariables, type Variables } from './variables.ts';

/** Resolved are the layers of all profiles of a claim, or the problems of the profiles. */
export interface Resolved {
  readonly layers: readonly PlanLayer[];
  readonly problems: readonly Problem[];
}

/**
 * resolveProfiles resolves references to layers, ordered by installPriority, and for equal priorities by
 * the order in the claim and in the profile.
 */
export function resolveProfiles(
  refs: readonly ProfileRef[],
  required: Readonly<Record<string, readonly KubeObject[]>>,
): Resolved {
  const resolved = refs.map((ref) => resolveOne(ref, required[profileKey(ref.name)]?.[0]));
  const layers = resolved
    .flatMap((one) => one.layers)
    .toSorted((a, b) => a.installPriority - b.installPriority);
  return { layers, problems: [...resolved.flatMap((one) => one.problems), ...twice(layers)] };
}

function resolveOne(ref: ProfileRef, object: KubeObject | undefined): Resolved {
  if (object === undefined) {
    return rejected(
      'ProfileNotFound',
      `spec.profiles[${ref.name}]: ClusterProfile ${ref.name} does not exist: create it, or use one that kubectl get clusterprofiles lists`,
    );
  }
  const spec = withDefaults(object['spec'], profileSpec);
  if (!isSpec(spec)) {
    const mistakes = shapeMistakes(spec, profileSpec, 'spec').join('; ');
    return rejected(
      'InvalidProfile',
      `spec.profiles[${ref.name}]: ClusterProfile ${ref.name} is invalid, correct it: ${mistakes}`,
    );
  }
  const { versions } = spec;
  const version = versions.find((candidate) => candidate.version === ref.version);
  if (version === undefined) {
    const known = versions.map((candidate) => candidate.version).join(', ');
    return rejected(
      'ProfileVersionNotFound',
      `spec.profiles[${ref.name}].version: ClusterProfile ${ref.name} has no version ${ref.version}: use one of ${known}`,
    );
  }
  const variables = resolveVariables(ref, version.variables ?? []);
  if (variables.problems.length > 0) return { layers: [], problems: variables.problems };
  return { layers: layersOf(ref, version, variables), problems: [] };
}

/** The type is generated from this schema. */
function isSpec(value: unknown): value is ClusterProfileSpec {
  return shapeMistakes(value, profileSpec, 'spec').length === 0;
}

function layersOf(
  ref: ProfileRef,
  version: ProfileVersion,
  variables: Variables,
): readonly PlanLayer[] {
  return version.layers.map((layer) => ({
    ...layer,
    ...(layer.manifests === undefined
      ? {}
      : { manifests: fillIn(layer.manifests, variables.plain) }),
    ...helmOf(layer, variables),
    profile: `${ref.name}@${ref.version}`,
    ...secretsOf(layer, variables),
  }));
}

/** Only the secrets that a layer references: the agent must not pass any other secret to it. */
function secretsOf(layer: Layer, { secret }: Variables): Pick<PlanLayer, 'secretVariables'> {
  if (secret.length === 0) return {};
  const text = JSON.stringify(layer);
  const used = secret.filter(({ name }) => text.includes(`\${${name}}`));
  return used.length === 0 ? {} : { secretVariables: used };
}

function helmOf({ helm }: Layer, { plain }: Variables): Pick<PlanLayer, 'helm'> {
  return helm === undefined ? {} : { helm: fillIn(helm, plain) };
}

/** Two layers with the same name would overwrite each other in the cluster. */
function twice(layers: readonly PlanLayer[]): readonly Problem[] {
  const names = layers.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) => ({
    reason: 'InvalidSpec',
    message: `spec.profiles: more than one layer is named ${name} (${layers
      .filter((layer) => layer.name === name)
      .map(({ profile }) => profile)
      .join(', ')}): remove one of the profiles`,
    awaited: false,
  }));
}

function rejected(reason: Problem['reason'], message: string): Resolved {
  return { layers: [], problems: [{ reason, message, awaited: true }] };
}
