import type { AgentInstallation } from '../../lib/apis/agent-installation.generated.ts';
import { AGENT_INSTALLATION } from '../../lib/apis/kinds.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { keyOf } from '../../lib/reconcile/work-queue.ts';
import type { ControllerParts, ProviderDeps } from '../deps.ts';
import { identitySources } from './installations.ts';
import { removeIdentity } from './parts/identity.ts';

/**
 * revocationController removes the identity of a revoked agent at once. The installation does so too, but it also
 * talks to the cluster, so a compromised cluster could delay that: by slow answers its key rests for minutes
 * (lib/reconcile/pace.ts). This controller only talks to the management side. It also removes what a pass of the
 * installation creates that began before the revocation.
 */
export function revocationController({ management }: ProviderDeps): ControllerParts {
  return {
    reconciler: {
      name: 'revocation',
      async reconcile(key) {
        const found = await management.get({ ...AGENT_INSTALLATION, ...key });
        if (isRevoked(found)) await removeIdentity(management, found);
        return {};
      },
    },
    sources: [
      {
        type: AGENT_INSTALLATION,
        toKeys: (object) => (isRevoked(object) ? [keyOf(object)] : []),
      },
      ...identitySources(),
    ],
  };
}

function isRevoked(object: KubeObject | undefined): object is AgentInstallation {
  return recordIn(object, 'spec')?.['revoked'] === true;
}
