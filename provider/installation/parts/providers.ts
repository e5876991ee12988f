import { fullName } from '../../core/installation/json.ts';
import { unavailable } from '../../core/installation/providers.ts';
import { type PartReport, ready, waiting } from '../../core/installation/report.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import { eachOf } from '../each-of.ts';
import type { Part, Scope } from '../part.ts';

/** providers tells whether the providers run. */
export const providers: Part = {
  name: 'Providers',
  needs: ['ProviderObjects'],
  async ensure(scope: Scope): Promise<PartReport> {
    const api = await scope.workload();
    const { objects } = await scope.providers();
    const deployments = objects.filter(({ kind }) => kind === 'Deployment');
    const found = await eachOf(deployments, async (deployment) =>
      unavailable(await api.get(refOf(deployment)), fullName(deployment)),
    );
    const reasons = found.filter((reason) => reason !== undefined);
    return reasons.length === 0 ? ready() : waiting('WaitingForProviders', reasons.join('; '));
  },
};
