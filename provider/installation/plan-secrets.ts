import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import { secretRefusal } from '../../lib/apis/opt-in.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { secretsOf } from '../core/installation/management-identity.ts';
import { eachOf } from './apply.ts';

/** PlanSecrets are the Secrets that the layers of a plan refer to, by what the agent can do with them. */
export interface PlanSecrets {
  /** Names of the Secrets that allow the cluster to use them. */
  readonly usable: readonly string[];
  /** For each Secret that does not, what its owner has to do. */
  readonly refusals: readonly string[];
  /** Names of the Secrets that do not exist. */
  readonly missing: readonly string[];
}

/**
 * planSecrets reads the Secrets that a plan refers to. A Secret that does not exist is not usable either: an
 * agent that was allowed to read it would get it when it is created, whatever it says then.
 */
export async function planSecrets(
  management: KubeApi,
  { namespace, name: cluster }: { readonly namespace: string; readonly name: string },
  plan: ClusterPlan | undefined,
): Promise<PlanSecrets> {
  const found = await eachOf(secretsOf(plan), async (name) => {
    const secret = await wrapError(
      `read Secret ${namespace}/${name}`,
      management.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }),
    );
    return { name, secret, refusal: secret && secretRefusal(secret, cluster) };
  });
  return {
    usable: found.flatMap(({ name, secret, refusal }) =>
      secret !== undefined && refusal === undefined ? [name] : [],
    ),
    refusals: found.flatMap(({ refusal }) => refusal ?? []),
    missing: found.flatMap(({ name, secret }) => (secret === undefined ? [name] : [])),
  };
}
