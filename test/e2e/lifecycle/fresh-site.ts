import { waitFor } from '@managed-cluster/toolchain';
import { AGENT_NAMESPACE } from '../../../lib/apis/agent.ts';
import { inside } from './subject.ts';

const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace' };

/**
 * freshSite makes the workload site as good as a new cluster: a real one is gone with its machines,
 * this one keeps the agent of the last cluster and what that agent has installed.
 */
export async function freshSite(): Promise<void> {
  const names = [AGENT_NAMESPACE, 'team'];
  await Promise.all(names.map((name) => inside.delete({ ...NAMESPACE, name })));
  await waitFor({
    what: `${names.join(' and ')} to be gone`,
    timeoutMs: 60_000,
    intervalMs: 200,
    look: async () => {
      const found = await Promise.all(names.map((name) => inside.get({ ...NAMESPACE, name })));
      return found.every((one) => one === undefined) ? true : undefined;
    },
  });
}
