import type { ClusterInput } from '../../capi/cloud.ts';
import { firstControlPlane } from '../../capi/expansion.ts';
import { healthChecks } from '../../capi/health-check.ts';
import { nodePool } from '../../capi/node-pool.ts';
import { parse } from '../../function/core/claim.ts';
import { HOLD_LABEL } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';

/** Sizes are how many nodes a whole cluster has. */
export interface Sizes {
  readonly controlPlanes: number;
  readonly workers: number;
}

/** inputOf is what the product itself makes of a claim; fails when it is none. */
export function inputOf(claim: KubeObject): ClusterInput {
  const parsed = parse(claim);
  if (parsed.kind === 'Misshapen') {
    throw new Error(`cannot expand the claim: ${parsed.problems.map((one) => one.message).join()}`);
  }
  const { spec, target } = parsed;
  return { ...target, spec, authorizedKeys: [] };
}

/** sizesOf are the nodes that a claim asks for. */
export function sizesOf({ spec }: ClusterInput): Sizes {
  const workers = spec.nodePools.reduce((sum, { replicas = 0 }) => sum + replicas, 0);
  return { controlPlanes: spec.controlPlane.replicas, workers };
}

/** firstObjects are what an admin applies first: the cluster with one control plane machine. */
export function firstObjects(input: ClusterInput): readonly KubeObject[] {
  const expansion = firstControlPlane(input);
  return [
    expansion.cluster,
    expansion.infrastructureCluster,
    expansion.controlPlaneMachineTemplate,
    expansion.controlPlane,
  ].map(byHand);
}

/** laterObjects are what an admin applies when the cluster has itself: its pools and health checks. */
export function laterObjects(input: ClusterInput): readonly KubeObject[] {
  const pools = input.spec.nodePools.flatMap((pool) => nodePool(input, pool));
  return [...pools, ...healthChecks(input)].map(byHand);
}

/** The label by which the product protects its objects would protect them from `clusterctl move` too. */
function byHand(object: KubeObject): KubeObject {
  const { [HOLD_LABEL]: _hold, ...labels } = object.metadata.labels ?? {};
  return { ...object, metadata: { ...object.metadata, labels } };
}
