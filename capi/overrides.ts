import { mergePatch } from '../lib/core/merge-patch.ts';
import type { NodePool, Override } from '../lib/apis/managed-cluster.generated.ts';
import type { ClusterInput } from './cloud.ts';
import { cloudOf } from './clouds/index.ts';
import { isManifest, type Manifest } from './manifest.ts';
import {
  BOOTSTRAP_TEMPLATE,
  CLUSTER,
  CONTROL_PLANE,
  HEALTH_CHECK,
  MACHINE_DEPLOYMENT,
} from './kinds.ts';
import { touched } from './protected-fields.ts';

/**
 * overridden returns an object with the overrides of the claim for its kind and node pool merged in.
 * {@link overrideProblems} checks which fields a patch changes; overridden throws only if the result is not
 * a valid object.
 */
export function overridden({ spec }: ClusterInput, object: Manifest, pool?: NodePool): Manifest {
  let result = object;
  for (const { kind, nodePool, patch } of spec.overrides ?? []) {
    if (kind !== object.kind || (nodePool !== undefined && nodePool !== pool?.name)) continue;
    const patched = mergePatch(result, patch);
    if (!isManifest(patched)) {
      throw new Error(`cannot apply an override of ${kind}: its patch leaves no ${kind}`);
    }
    result = patched;
  }
  return result;
}

/**
 * overrideProblems returns errors for overrides that cannot be applied, or that would take a field from its
 * owner. The errors contain names of fields, never values.
 */
export function overrideProblems(input: ClusterInput): readonly string[] {
  return (input.spec.overrides ?? []).flatMap((override, index) => {
    const which = `overrides[${index}]`;
    const unfit = targetProblem(input, override);
    if (unfit !== undefined) return [`${which}.${unfit}`];
    if (!isShallow(override.patch, DEEPEST)) {
      return [
        `${which}.patch has more than ${DEEPEST} levels: no object of Cluster API is that deep`,
      ];
    }
    return touched(override.kind, override.patch).map(
      (field) =>
        `${which}.patch changes ${field} of ${override.kind}, which overrides cannot change: remove it and use the field of the claim`,
    );
  });
}

/** Levels of a patch. Crossplane and the function exchange at most 100, and an object adds some above a patch. */
const DEEPEST = 40;

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((below) => isShallow(below, levels - 1));
}

function targetProblem(input: ClusterInput, { kind, nodePool }: Override): string | undefined {
  const kinds = kindsOf(input);
  const { nodePools } = input.spec;
  if (!Object.hasOwn(kinds, kind)) {
    return `kind is ${kind}: use one of ${Object.keys(kinds).join(', ')}`;
  }
  if (nodePool === undefined) return undefined;
  if (kinds[kind] === false) {
    return `nodePool is ${nodePool}, but ${kind} belongs to the whole cluster: remove nodePool`;
  }
  return nodePools.some(({ name }) => name === nodePool)
    ? undefined
    : `nodePool is ${nodePool}: use one of ${nodePools.map(({ name }) => name).join(', ')}`;
}

/** All kinds of objects in a cluster, and whether they exist per node pool. */
function kindsOf(input: ClusterInput): Readonly<Record<string, boolean>> {
  const { infrastructureCluster, machineTemplate } = cloudOf(input);
  return {
    [CLUSTER.kind]: false,
    [infrastructureCluster.kind]: false,
    [CONTROL_PLANE.kind]: false,
    [machineTemplate.kind]: true,
    [MACHINE_DEPLOYMENT.kind]: true,
    [BOOTSTRAP_TEMPLATE.kind]: true,
    [HEALTH_CHECK.kind]: true,
  };
}
