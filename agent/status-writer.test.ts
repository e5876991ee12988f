import { describe, expect, it } from '@jest/globals';
import type { ClusterPlan } from '../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PLAN } from '../lib/apis/kinds.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { StatusError } from '../lib/kube/errors.ts';
import { createLogger } from '../lib/log.ts';
import { StatusWriter } from './status-writer.ts';

const PLAN: ClusterPlan = {
  ...CLUSTER_PLAN,
  metadata: { name: 'demo', namespace: 'team', resourceVersion: '7' },
  spec: { epoch: 1, clusterName: 'demo', cluster: {}, layers: [] },
};

/** How often the plan is read anew while so many writes are answered with a code. */
async function readAnew(code: number, writes: number): Promise<number> {
  let times = 0;
  const replace: KubeApi['replace'] = () => Promise.reject(new StatusError('replace', code, {}));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else is called
  const api = { replace } as unknown as KubeApi;
  const writer = new StatusWriter(api, {
    side: 'management',
    again: () => (times += 1),
    log: createLogger('silent'),
  });
  for (let write = 1; write <= writes; write += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await writer.write(PLAN, { agentVersion: String(write) });
  }
  return times;
}

describe('a report that always conflicts', () => {
  it('has the plan read anew: the server was set back under the watch, and no event will come', async () => {
    expect(await readAnew(409, 5)).toBe(0);
    expect(await readAnew(409, 6)).toBe(1);
    expect(await readAnew(409, 8)).toBe(3);
  });

  it('is not one that fails for another reason', async () => {
    expect(await readAnew(500, 20)).toBe(0);
  });
});
