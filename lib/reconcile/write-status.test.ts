import { afterEach, describe, expect, it } from '@jest/globals';
import { clientFromString } from '../kube/client.ts';
import { isConflict } from '../kube/errors.ts';
import {
  type ScriptedServer,
  scriptedServer,
  type WireAnswer,
} from '../../test/fake/scripted-server.ts';
import { writeStatus } from './write-status.ts';

const OBJECT = {
  apiVersion: 'm.managedcluster.io/v1alpha1',
  kind: 'Pivot',
  metadata: { name: 'demo', namespace: 'ns', resourceVersion: '7' },
  spec: { clusterName: 'demo' },
  status: { phase: 'Fence', steps: [{ name: 'Fence' }] },
};

let server: ScriptedServer;
afterEach(() => server.close());

async function api(answer: WireAnswer) {
  server = await scriptedServer(({ url }) =>
    url === '/apis/m.managedcluster.io/v1alpha1'
      ? { body: { resources: [{ name: 'pivots', kind: 'Pivot', namespaced: true }] } }
      : answer,
  );
  return clientFromString(server.kubeconfig);
}

describe('writeStatus', () => {
  it.each<{ reason: string; status: Record<string, unknown>; writes: number }>([
    { reason: 'another phase', status: { ...OBJECT.status, phase: 'Copy' }, writes: 1 },
    { reason: 'a field less', status: { phase: 'Fence' }, writes: 1 },
    {
      reason: 'the same in another order, or undefined',
      status: { steps: [{ name: 'Fence' }], phase: 'Fence', epoch: undefined },
      writes: 0,
    },
  ])('$reason: $writes requests', async ({ status, writes }) => {
    const written = { ...OBJECT, status, metadata: { ...OBJECT.metadata, resourceVersion: '8' } };
    const client = await api({ body: written });
    const result = await writeStatus(client, OBJECT, status);
    const puts = server.requests.filter(({ method }) => method === 'PUT');
    expect(puts).toHaveLength(writes);
    expect(result.metadata.resourceVersion).toBe(writes === 0 ? '7' : '8');
    for (const { url, body } of puts) {
      expect(url).toBe('/apis/m.managedcluster.io/v1alpha1/namespaces/ns/pivots/demo/status');
      expect(body).toMatchObject({ metadata: { resourceVersion: '7' }, status });
    }
  });

  it('fails with the conflict, and names the object', async () => {
    const client = await api({ code: 409, body: { kind: 'Status', reason: 'Conflict' } });
    const error: unknown = await writeStatus(client, OBJECT, {}).catch((caught: unknown) => caught);
    expect(isConflict(error)).toBe(true);
    expect(String(error)).toContain('cannot write the status of Pivot ns/demo');
  });

  it('rejects an object without a resourceVersion', async () => {
    const client = await api({});
    const blind = { ...OBJECT, metadata: { name: 'demo', namespace: 'ns' } };
    await expect(writeStatus(client, blind, {})).rejects.toThrow('has no resourceVersion');
  });
});
