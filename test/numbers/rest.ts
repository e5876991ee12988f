import { waitFor } from '@managed-cluster/toolchain';
import type { ClusterInput } from '../../capi/cloud.ts';
import { firstUnmet, G1, G2, type Gate } from '../../capi/gates.ts';
import { isTrue } from '../../lib/core/conditions.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { insideOf, viewOf } from './sight.ts';
import { sizesOf } from './subject.ts';

const PATIENCE_MS = 5 * 60_000;

/** Nothing is on the move; a cluster that was made by hand has no agent to be asked. */
const QUIET: Gate = {
  ...G2,
  predicates: G2.predicates.filter(({ name }) => name !== 'WaitingForReady'),
};

/** What an admin looks at before `clusterctl move`: G1 is for the agent, and asks for no etcd that was seen. */
const MOVABLE: Gate = {
  ...G1,
  predicates: [
    ...G1.predicates,
    ...G2.predicates.filter(({ name }) => name === 'WaitingForAvailable'),
  ],
};

/** operational waits until CP-A can be handed over and its Node is Ready; then an admin goes on. */
export async function operational(
  management: KubeApi,
  inside: KubeApi,
  input: ClusterInput,
): Promise<void> {
  await waitFor({
    what: `${input.name} to be operational`,
    timeoutMs: PATIENCE_MS,
    intervalMs: 250,
    look: async () => {
      const { nodes } = await insideOf(inside, input);
      return (
        (await passes(management, input, MOVABLE)) &&
        (nodes.length > 0 && nodes.every((node) => isTrue(node, 'Ready')) ? true : undefined)
      );
    },
  });
}

/** atRest waits until a whole cluster has come to rest on the side that has it. */
export async function atRest(api: KubeApi, input: ClusterInput): Promise<void> {
  const { controlPlanes, workers } = sizesOf(input);
  await waitFor({
    what: `${input.name} to be at rest`,
    timeoutMs: PATIENCE_MS,
    intervalMs: 500,
    look: async () => {
      const { machines = [] } = await viewOf(api, input);
      if (machines.length !== controlPlanes + workers) return undefined;
      return (await passes(api, input, G1)) && (await passes(api, input, QUIET));
    },
  });
}

/** Fails with what a gate waits for. */
async function passes(api: KubeApi, input: ClusterInput, gate: Gate): Promise<true> {
  const view = await viewOf(api, input);
  const unmet = firstUnmet(gate, view);
  if (unmet !== undefined) throw new Error(`waiting for ${unmet.waitingFor(view)}`);
  return true;
}
