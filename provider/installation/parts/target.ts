import { doneWith, wait } from '../../../lib/reconcile/outcome.ts';
import { agentNamespace } from '../../core/installation/agent-objects.ts';
import { ensureObjects, untilEstablished } from '../apply.ts';
import { packageObjects } from '../../package-files.ts';
import { markManagement } from '../management-mark.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';

/** Our CRDs that the agent needs in the cluster. */
const OWN_CRDS = ['clusterplans.m.managedcluster.io'];

/** target checks that the workload cluster answers and creates the namespace of the agent and our CRDs. */
export const target: Part = {
  name: 'Target',
  needs: [],
  async run(scope: Scope): Promise<PartOutcome> {
    const api = await scope.workload();
    const crds = packageObjects('crds').filter(({ metadata }) =>
      OWN_CRDS.includes(metadata.name ?? ''),
    );
    const there = await ensureObjects(api, [agentNamespace(), ...crds]);
    const missing = await untilEstablished(api, there);
    if (missing.length === 0) {
      const remark = await markManagement(scope);
      return doneWith({ clusterUID: await scope.clusterUid(), remark });
    }
    return wait('WaitingForCRDs', `Waiting for the API server to serve ${missing.join(', ')}`);
  },
};
