import type { ClusterPlanSpec } from '../../lib/apis/cluster-plan.generated.ts';
import type { ManagedClusterSpec } from '../../lib/apis/managed-cluster.generated.ts';
import { clusterSpec } from '../../lib/apis/schema/cluster-spec.ts';
import { shapeMistakes, withDefaults } from '../../lib/apis/schema/defaults.ts';
import type { ClusterInput } from '../../capi/cloud.ts';
import { clouds } from '../../capi/clouds/index.ts';
import { problems } from '../../capi/problems.ts';

const SCHEMA = clusterSpec(clouds);

/** Read is the input of the expansion, or why a plan can't be carried out. */
export type Read =
  | { readonly kind: 'Input'; readonly input: ClusterInput }
  | { readonly kind: 'Unusable'; readonly message: string };

/** Every pass looks at the same plan; the same input again lets the expansion be known, too. */
const memory = new WeakMap<ClusterPlanSpec, { readonly namespace: string; readonly read: Read }>();

/**
 * inputOf rebuilds from a plan what the function expanded: the same input gives the same objects.
 * `namespace` is that of the cluster, the same on both sides.
 */
export function inputOf(plan: ClusterPlanSpec, namespace: string): Read {
  const known = memory.get(plan);
  if (known?.namespace === namespace) return known.read;
  const read = readPlan(plan, namespace);
  memory.set(plan, { namespace, read });
  return read;
}

function readPlan(plan: ClusterPlanSpec, namespace: string): Read {
  const spec = withDefaults(plan.cluster, SCHEMA);
  const mistakes = shapeMistakes(spec, SCHEMA, 'spec.cluster');
  if (!isSpec(spec)) return unusable(mistakes);
  const authorizedKeys = spec.ssh?.authorizedKeys ?? [];
  const input = { name: plan.clusterName, namespace, spec, authorizedKeys };
  const found = problems(input);
  return found.length === 0 ? { kind: 'Input', input } : unusable(found);
}

function unusable(mistakes: readonly string[]): Read {
  const message = `The plan can't be carried out by this version of the agent: ${mistakes.join('; ')}`;
  return { kind: 'Unusable', message };
}

/** The schema is the one that the type is generated from. */
function isSpec(value: unknown): value is ManagedClusterSpec {
  return shapeMistakes(value, SCHEMA, 'spec').length === 0;
}
