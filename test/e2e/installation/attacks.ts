import { beforeAll, describe, expect, it } from '@jest/globals';
import { apiServerUrl } from '@managed-cluster/testbed';
import { AGENT_NAMESPACE, BOOTSTRAP_SECRET } from '../../../lib/apis/agent.ts';
import { recordIn } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { clientByToken } from '../../../lib/kube/token-client.ts';
import { worldFile } from '../world.ts';
import { ALLOWED, REFUSED, verdict } from './attack.ts';
import { workload } from './site-clients.ts';

/** What the agent's token opens on the management side, and what it does not. */
export function attacks(): void {
  describe('the token of the agent on the management side', () => {
    let api: KubeApi;

    beforeAll(async () => {
      const secret = await workload.get({
        apiVersion: 'v1',
        kind: 'Secret',
        namespace: AGENT_NAMESPACE,
        name: BOOTSTRAP_SECRET,
      });
      const token = Buffer.from(String(recordIn(secret, 'data')?.['token']), 'base64').toString();
      const { certificate } = worldFile().management.authority;
      api = clientByToken(
        () => Promise.resolve({ server: apiServerUrl('m'), authority: certificate, token }),
        { userAgent: 'e2e-attack' },
      );
    });

    it.each(ALLOWED)('may $reason', async (attempt) => {
      expect(await verdict(api, attempt)).toBe('allowed');
    });

    it.each(REFUSED)('may not $reason', async (attempt) => {
      expect(await verdict(api, attempt)).toBe('forbidden');
    });
  });
}
