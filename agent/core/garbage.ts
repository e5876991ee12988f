import type { ClusterInput } from '../../capi/cloud.ts';
import { NODE_POOL_LABEL } from '../../capi/labels.ts';
import { controlPlaneName } from '../../capi/object-names.ts';
import { type KubeObject, isRecord } from '../../lib/core/object.ts';
import type { WantedCluster } from './wanted-cluster.ts';
import { belongsTo, remove, type Action, type ClusterState } from './cluster-state.ts';

const HASH = /-[0-9a-f]{8}$/;

/**
 * obsoleteTemplates deletes our templates that are not in the plan any more and not referenced. A
 * MachineSet references its template until its last machine is gone, and so does a control plane.
 */
export function obsoleteTemplates(
  { input, controlPlane, pools }: WantedCluster,
  state: ClusterState,
): readonly Action[] {
  const wanted = new Set(
    [controlPlane.controlPlaneMachineTemplate, ...pools.flatMap(({ objects }) => objects)].map(
      keyOf,
    ),
  );
  const { deployments, machineSets, machines } = state;
  const referring = [state.controlPlane, ...deployments, ...machineSets, ...machines];
  const inUse = new Set(referring.flatMap((object) => references(object?.['spec'])));
  return state.templates
    .filter((template) => isOurs(input, template))
    .filter((template) => !wanted.has(keyOf(template)) && !inUse.has(keyOf(template)))
    .flatMap(remove);
}

/** Our template names end with a hash; without a pool label they begin with the name of the control plane. */
function isOurs(input: ClusterInput, template: KubeObject): boolean {
  const { name = '', labels } = template.metadata;
  if (!belongsTo(input, template) || !HASH.test(name)) return false;
  return (
    labels?.[NODE_POOL_LABEL] !== undefined || name.replace(HASH, '') === controlPlaneName(input)
  );
}

function keyOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name ?? ''}`;
}

/** Every reference anywhere in a spec, as kind and name in the same namespace. */
function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isRecord(value)) return [];
  const { kind, name } = value;
  const own = typeof kind === 'string' && typeof name === 'string' ? [`${kind}/${name}`] : [];
  return [...own, ...Object.values(value).flatMap(references)];
}
