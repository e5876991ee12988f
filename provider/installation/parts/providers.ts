import { AGENT_NAME, AGENT_NAMESPACE } from '../../../lib/apis/agent.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { imageKeeper } from '../../core/installation/image-keeper.ts';
import { fullName } from '../../core/installation/json.ts';
import { labelledFor } from '../../core/installation/provider-copy.ts';
import { unavailable } from '../../core/installation/providers.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import { doneWith, wait } from '../../../lib/reconcile/outcome.ts';
import { eachOf, ensureObjects } from '../apply.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';

/** providers waits until the providers run; after that, their images are kept on the nodes. */
export const providers: Part = {
  name: 'Providers',
  needs: ['ProviderObjects', 'Agent'],
  async run(scope: Scope): Promise<PartOutcome> {
    const api = await scope.workload();
    const { objects } = await scope.providers();
    const deployments = objects.filter(({ kind }) => kind === 'Deployment');
    const found = await eachOf(deployments, (deployment) => api.get(refOf(deployment)));
    const reasons = deployments
      .map((deployment, index) => unavailable(found[index], fullName(deployment)))
      .filter((reason) => reason !== undefined);
    if (reasons.length > 0) return wait('WaitingForProviders', reasons.join('; '));
    await keepImages(
      api,
      scope,
      found.filter((one) => one !== undefined),
    );
    return doneWith({});
  },
};

/** No part waits for the images: most clusters can reach a registry most of the time. */
async function keepImages(
  api: KubeApi,
  { cluster }: Scope,
  deployments: readonly KubeObject[],
): Promise<void> {
  const where = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: AGENT_NAMESPACE };
  const agent = await api.get({ ...where, name: AGENT_NAME });
  if (agent === undefined) return;
  await ensureObjects(api, [labelledFor(cluster, imageKeeper(agent, deployments))]);
}
