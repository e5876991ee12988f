import type {
  ClusterProfileSpec,
  Helm,
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
import { fillIn, referencesIn, referencesInKeys } from '../../lib/core/substitution.ts';
import { fillManifests } from './manifests.ts';
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
  return layersOf(ref, version, variables);
}

/** The type is generated from this schema. */
function isSpec(value: unknown): value is ClusterProfileSpec {
  return shapeMistakes(value, profileSpec, 'spec').length === 0;
}

function layersOf(ref: ProfileRef, version: ProfileVersion, variables: Variables): Resolved {
  const all = version.layers.map((layer) => {
    const filled = filledLayer(layer, variables);
    if ('mistake' in filled) {
      return rejected(
        'InvalidProfile',
        `spec.profiles[${ref.name}]: ClusterProfile ${ref.name} is invalid, correct it: layer ${layer.name}: ${filled.mistake}`,
      );
    }
    const plan = {
      ...filled.layer,
      profile: `${ref.name}@${ref.version}`,
      ...secretsOf(layer, variables),
    };
    return { layers: [plan], problems: [] };
  });
  return {
    layers: all.flatMap(({ layers }) => layers),
    problems: all.flatMap(({ problems }) => problems),
  };
}

/** The layer with values, or what is wrong with the layer of the profile. */
type FilledLayer = { readonly layer: Layer } | { readonly mistake: string };

function filledLayer(layer: Layer, variables: Variables): FilledLayer {
  const { manifests, helm } = layer;
  if (helm !== undefined) return filledHelm(layer, helm, variables);
  const filled = fillManifests(manifests ?? '', variables);
  if ('mistake' in filled) return { mistake: `manifests: ${filled.mistake}` };
  return { layer: { ...layer, manifests: filled.text } };
}

/** Only values of a chart have variables: who sets a variable must not choose what is installed, and where. */
function filledHelm(layer: Layer, helm: Helm, variables: Variables): FilledLayer {
  const { values, ...where } = helm;
  const { plain, typed } = variables;
  const misplaced = [...referencesIn(JSON.stringify(where)), ...referencesInKeys(values)];
  const [first] = misplaced.filter((name) => Object.hasOwn(plain, name));
  if (first !== undefined) {
    return { mistake: `helm: \${${first}} is not in a value, but only values may have variables` };
  }
  return values === undefined
    ? { layer }
    : { layer: { ...layer, helm: { ...helm, values: fillIn(values, plain, typed) } } };
}

/** Only the secrets that a layer references: the agent must not pass any other secret to it. */
function secretsOf(layer: Layer, { secret }: Variables): Pick<PlanLayer, 'secretVariables'> {
  if (secret.length === 0) return {};
  const text = JSON.stringify(layer);
  const used = secret.filter(({ name }) => text.includes(`\${${name}}`));
  return used.length === 0 ? {} : { secretVariables: used };
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
