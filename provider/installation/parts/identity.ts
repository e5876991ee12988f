import { managementIdentity, secretsOf } from '../../core/installation/management-identity.ts';
import { type PartReport, ready } from '../../core/installation/report.ts';
import { ensureObjects } from '../apply.ts';
import type { Part, Scope } from '../part.ts';

/** identity is who the agent is on the management side: ServiceAccount, Role, RoleBinding, Lease. */
export const identity: Part = {
  name: 'Identity',
  needs: [],
  async ensure({ deps, namespace, cluster, plan }: Scope): Promise<PartReport> {
    const objects = managementIdentity({ namespace, name: cluster }, secretsOf(plan));
    await ensureObjects(deps.management, objects);
    return ready();
  },
};
