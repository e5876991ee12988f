import { describe, expect, it } from '@jest/globals';
import { AGENTS_NAMESPACE } from '../../../lib/apis/agent.ts';
import { AGENT_INSTALLATION } from '../../../lib/apis/kinds.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { StatusError } from '../../../lib/kube/errors.ts';
import { memorySide } from '../../../test/fake/memory-side.ts';
import type { Scope } from '../part.ts';
import { identity } from './identity.ts';

const HOME: KubeObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: AGENTS_NAMESPACE },
};

/** The part on a management side that answers 404 to RoleBindings. */
async function run(there: readonly KubeObject[]) {
  const side = memorySide(there);
  const management: KubeApi = {
    ...side.api,
    create: (object, options) =>
      object.kind === 'RoleBinding'
        ? Promise.reject(new StatusError('create', 404, { reason: 'NotFound' }))
        : side.api.create(object, options),
  };
  const metadata = { namespace: 'team', name: 'demo' };
  return identity.run({
    deps: { management },
    installation: { ...AGENT_INSTALLATION, metadata, spec: { clusterName: 'demo' } },
    cluster: 'demo',
    secrets: { usable: [] },
  } as unknown as Scope);
}

describe('the identity of an agent', () => {
  it('waits while the API server does not know a Role yet that was just created', async () => {
    expect(await run([HOME])).toMatchObject({ kind: 'Wait', reason: 'WaitingForIdentity' });
  });

  it('names what is not installed when the namespace of all agents is missing', async () => {
    await expect(run([])).rejects.toThrow(
      'namespace managed-cluster-agents does not exist: install package/rbac/provider.yaml, or the chart',
    );
  });
});
