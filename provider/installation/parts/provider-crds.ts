import { placed } from '../../core/installation/providers.ts';
import { CRD } from '../../core/installation/provider-copy.ts';
import { type PartReport, ready, waiting } from '../../core/installation/report.ts';
import { applyMissing, inventoryOf } from '../apply.ts';
import { untilEstablished } from '../established.ts';
import type { Part, Scope } from '../part.ts';

/** providerCrds are the CRDs of Cluster API and the providers that the cluster needs. */
export const providerCrds: Part = {
  name: 'ProviderCRDs',
  needs: ['Target'],
  async ensure(scope: Scope): Promise<PartReport> {
    const { cluster } = scope;
    const api = await scope.workload();
    const { crds } = await scope.providers();
    const placement = { cluster, caBundle: await scope.caBundle() };
    const wanted = crds.map((crd) => placed(crd, placement));
    const there = await applyMissing(api, wanted, await inventoryOf(api, [CRD], cluster));
    const open = await untilEstablished(api, there);
    if (open.length === 0) return ready();
    return waiting('WaitingForCRDs', `the API server to serve ${open.join(', ')}`);
  },
};
