import { doneWith, wait } from '../../../lib/reconcile/outcome.ts';
import { placed } from '../../core/installation/providers.ts';
import { CRD } from '../../core/installation/provider-copy.ts';
import { applyMissing, inventoryOf, untilEstablished } from '../apply.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';

/** providerCrds installs the CRDs of Cluster API and of the providers that the cluster needs. */
export const providerCrds: Part = {
  name: 'ProviderCRDs',
  needs: ['Target'],
  async run(scope: Scope): Promise<PartOutcome> {
    const { cluster } = scope;
    const api = await scope.workload();
    const { crds } = await scope.providers();
    const placement = { cluster, caBundle: await scope.caBundle() };
    const wanted = crds.map((crd) => placed(crd, placement));
    const there = await applyMissing(api, wanted, await inventoryOf(api, [CRD], cluster));
    const open = await untilEstablished(api, there);
    if (open.length === 0) return doneWith({});
    return wait('WaitingForCRDs', `Waiting for the API server to serve ${open.join(', ')}`);
  },
};
