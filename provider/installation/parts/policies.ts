import { doneWith, wait } from '../../../lib/reconcile/outcome.ts';
import { installPolicies, missingPolicies } from '../../policies/policies.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';

/**
 * policies installs the admission policies of the workload side and checks that those of the management
 * side exist.
 */
export const policies: Part = {
  name: 'Policies',
  needs: ['ProviderCRDs'],
  async run(scope: Scope): Promise<PartOutcome> {
    const api = await scope.workload();
    const [missing] = await Promise.all([
      missingPolicies(scope.deps.management, 'management'),
      installPolicies(api, 'workload'),
    ]);
    if (missing.length === 0) return doneWith({});
    return wait(
      'PoliciesMissing',
      `Waiting for the admission policies of the management side, which prevent both sides from reconciling one cluster: ${missing.join(', ')}; the provider installs them, or apply package/policies/management`,
    );
  },
};
