import { installPolicies, missingPolicies } from '../../policies/policies.ts';
import { type PartReport, ready, waiting } from '../../core/installation/report.ts';
import type { Part, Scope } from '../part.ts';

/** policies are the admission policies of the workload side; the other side's are only looked for. */
export const policies: Part = {
  name: 'Policies',
  needs: ['ProviderCRDs'],
  async ensure(scope: Scope): Promise<PartReport> {
    const api = await scope.workload();
    const [missing] = await Promise.all([
      missingPolicies(scope.deps.management, 'management'),
      installPolicies(api, 'workload'),
    ]);
    if (missing.length === 0) return ready();
    return waiting(
      'PoliciesMissing',
      `admission policies of the management side, which keep two sides from reconciling one cluster: ${missing.join(', ')}; the provider writes them, or apply package/policies/management`,
    );
  },
};
