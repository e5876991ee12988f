import { clusterSpec } from '../../lib/apis/schema/cluster-spec.ts';
import { shapeMistakes, withDefaults } from '../../lib/apis/schema/defaults.ts';
import type { ManagedClusterSpec } from '../../lib/apis/managed-cluster.generated.ts';
import { mergePatch } from '../../lib/core/merge-patch.ts';
import type { JsonObject, KubeObject } from '../../lib/core/object.ts';
import type { ClusterInput } from '../cloud.ts';
import { clouds } from '../clouds/index.ts';
import { firstControlPlane, scaledControlPlane, type Expansion } from '../expansion.ts';
import { healthChecks } from '../health-check.ts';
import { nodePool } from '../node-pool.ts';
import { FULLEST, SMALLEST, type CloudName } from './claims.ts';

const SCHEMA = clusterSpec(clouds);

/** PUBLIC_KEY is an SSH public key without a private key. */
export const PUBLIC_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleExa demo';

/** aClaimSpec returns the minimal valid `spec` for a cloud, as a user writes it. */
export function aClaimSpec(cloud: CloudName): JsonObject {
  return { kubernetes: { version: 'v1.35.4' }, ...SMALLEST[cloud] };
}

/**
 * aCluster returns the input of the minimal valid claim for a cloud, with its defaults and a merge patch
 * on the spec. Throws if the result does not match the schema.
 */
export function aCluster(cloud: CloudName, patch: JsonObject = {}): ClusterInput {
  const keys = { ssh: { user: 'ops', authorizedKeys: [PUBLIC_KEY] } };
  const written = mergePatch(mergePatch(aClaimSpec(cloud), keys), patch);
  const spec = withDefaults(written, SCHEMA);
  if (!hasShape(spec)) {
    throw new Error(`cannot build a cluster: ${shapeMistakes(spec, SCHEMA, 'spec').join('; ')}`);
  }
  return { name: 'demo', namespace: 'team-a', spec, authorizedKeys: [PUBLIC_KEY] };
}

/** aFullCluster returns {@link aCluster} with every field set that the cloud reads. */
export function aFullCluster(cloud: CloudName): ClusterInput {
  return aCluster(cloud, FULLEST[cloud]);
}

/** everyObject returns all objects that are rendered for a cluster; the control plane twice, CP-A and scaled. */
export function everyObject(input: ClusterInput): readonly KubeObject[] {
  return [
    ...objectsOf(firstControlPlane(input)),
    scaledControlPlane(input).controlPlane,
    ...input.spec.nodePools.flatMap((pool) => nodePool(input, pool)),
    ...healthChecks(input),
  ];
}

/** objectsOf returns the objects of an expansion, in the order of the documentation. */
export function objectsOf(expansion: Expansion): readonly KubeObject[] {
  const { cluster, infrastructureCluster, controlPlane, controlPlaneMachineTemplate } = expansion;
  return [cluster, infrastructureCluster, controlPlane, controlPlaneMachineTemplate];
}

function hasShape(spec: unknown): spec is ManagedClusterSpec {
  return shapeMistakes(spec, SCHEMA, 'spec').length === 0;
}
