import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@managed-cluster/toolchain';
import { managementIdentity } from '../../../provider/core/installation/management-identity.ts';
import {
  AGENT_NAME,
  AGENT_NAMESPACE,
  BOOTSTRAP_KEYS,
  BOOTSTRAP_SECRET,
} from '../../../lib/apis/agent.ts';
import { secretText } from '../../../lib/core/secret-data.ts';
import { claimsOf } from '../../../provider/core/installation/token.ts';
import { PROVIDER_FINALIZER } from '../../../lib/apis/ownership.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { recordIn } from '../../../lib/core/object.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import { eventually } from '../world.ts';
import { management, workload } from './site-clients.ts';
import { CLUSTER, INSTALLATION, NAMESPACE } from './standalone.ts';

const PAUSED = 'crossplane.io/paused';

/** Paused, out of reach, deleted. */
export function ends(): void {
  describe('an installation', () => {
    it('is left alone while it is paused', async () => {
      await management.patch(INSTALLATION, { metadata: { annotations: { [PAUSED]: 'true' } } });
      const paused = await eventually(management, INSTALLATION, 'to be paused', (object) => {
        return conditionOf(object, 'Synced')?.reason === 'ReconcilePaused';
      });
      expect(conditionOf(paused, 'Synced')?.status).toBe('False');
      await management.patch(INSTALLATION, { metadata: { annotations: { [PAUSED]: null } } });
      await eventually(management, INSTALLATION, 'to go on', (object) => {
        return conditionOf(object, 'Synced')?.status === 'True';
      });
    });

    it('is cut off while its agent is revoked, and gets a new identity afterwards', async () => {
      const named = { namespace: NAMESPACE, name: CLUSTER };
      const [account] = managementIdentity(named, []);
      if (account === undefined) throw new Error('no ServiceAccount');
      const before = await management.get(refOf(account));
      await management.patch(INSTALLATION, { spec: { revoked: true } });
      await eventually(management, INSTALLATION, 'to be cut off', (object) => {
        return conditionOf(object, 'Ready')?.reason === 'AgentRevoked';
      });
      const left = await Promise.all(
        managementIdentity(named, []).map((object) => management.get(refOf(object))),
      );
      expect(left.filter((object) => object !== undefined)).toEqual([]);

      await management.patch(INSTALLATION, { spec: { revoked: false } });
      const after = await eventually(management, refOf(account), 'to be there again');
      expect(after.metadata.uid).not.toBe(before?.metadata.uid);
      const secret = { apiVersion: 'v1', kind: 'Secret', namespace: AGENT_NAMESPACE };
      await eventually(
        workload,
        { ...secret, name: BOOTSTRAP_SECRET },
        'to have a token of the new account',
        (object) =>
          claimsOf(secretText(object, BOOTSTRAP_KEYS.token) ?? '')?.uid === after.metadata.uid,
      );
    });

    it('says when the cluster is out of reach, and does not hurry', async () => {
      await management.patch(
        { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name: 'alone-api' },
        { stringData: { value: deadKubeconfig() } },
      );
      const lost = await eventually(management, INSTALLATION, 'to be out of reach', (object) => {
        // Until the status is written again it tells of the revocation.
        return conditionOf(object, 'Ready')?.reason === 'Unreachable';
      });
      expect(conditionOf(lost, 'Synced')).toMatchObject({
        status: 'False',
        reason: 'ReconcileError',
      });
      expect(conditionOf(lost, 'Ready')).toMatchObject({ status: 'False' });
      expect(conditionOf(lost, 'Ready')?.message).toMatch(/^(Target|Agent): /);
      const parts = recordIn(lost, 'status')?.['parts'];
      expect(parts).toContainEqual({ name: 'Identity', ready: true });
    });

    it('goes without the cluster, and takes the identity with it', async () => {
      const before = await management.get(INSTALLATION);
      expect(before?.metadata.finalizers).toContain(PROVIDER_FINALIZER);
      await management.delete(INSTALLATION);
      await waitFor({
        what: 'the installation to be gone',
        // A cluster that was slow rests for up to a minute first (lib/reconcile/pace.ts).
        timeoutMs: 90_000,
        look: async () => ((await management.get(INSTALLATION)) === undefined ? true : undefined),
      });
      const made = managementIdentity({ namespace: NAMESPACE, name: CLUSTER }, []);
      const left = await Promise.all(made.map((object) => management.get(refOf(object))));
      expect(left.filter((object) => object !== undefined)).toEqual([]);
      const agent = { namespace: AGENT_NAMESPACE, name: AGENT_NAME };
      const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', ...agent };
      expect(await workload.get(deployment)).toBeDefined();
    });
  });
}

function deadKubeconfig(): string {
  const cluster = { server: 'https://127.0.0.1:9' };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: { token: 'none' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  });
}
