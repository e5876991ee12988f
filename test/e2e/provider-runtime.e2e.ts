import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@managed-cluster/toolchain';
import { agentIdentity, AGENTS_NAMESPACE } from '../../lib/apis/agent.ts';
import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { CLUSTER_LABEL, CLUSTER_NAMESPACE_LABEL } from '../../lib/apis/ownership.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { holderOf } from '../../lib/reconcile/lease.ts';
import { control, eventually, makeNamespace, management } from './world.ts';

const NAMESPACE = 'provider-runtime';
const LEASE_KIND = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
const LEASE = {
  ...LEASE_KIND,
  namespace: 'crossplane-system',
  name: 'managed-cluster-provider',
};
const POLICY = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  name: 'guard.managedcluster.io',
};
const BINDING = { ...POLICY, kind: 'ValidatingAdmissionPolicyBinding' };

const api = management();

/** Seconds until the Lease has another holder than the one given. */
async function takenOver(from: string): Promise<number> {
  const begun = performance.now();
  await eventually(api, LEASE, 'to have another holder', (lease) => {
    const holder = holderOf(lease);
    return holder !== '' && holder !== from;
  });
  return (performance.now() - begun) / 1000;
}

async function currentHolder(): Promise<string> {
  return holderOf(await eventually(api, LEASE, 'to be held', (lease) => holderOf(lease) !== ''));
}

describe('provider', () => {
  afterAll(async () => {
    await control('provider', 'restart');
    await control('provider2', 'stop');
  });

  it('keeps the admission policies as they are shipped', async () => {
    await currentHolder();
    const before = await eventually(api, POLICY, 'to be there');
    await api.delete(BINDING);
    await eventually(api, BINDING, 'to be back');
    // Another manager's entry, which a server-side apply of ours would leave alone.
    const matchConditions = [{ name: 'never', expression: 'false' }];
    const open = { apiVersion: POLICY.apiVersion, kind: POLICY.kind, spec: { matchConditions } };
    const opened = { ...open, metadata: { name: POLICY.name } };
    const weak = await api.apply(opened, { fieldManager: 'attacker' });
    expect(weak['spec']).not.toEqual(before['spec']);
    await eventually(api, POLICY, 'to be repaired', (policy) =>
      isDeepStrictEqual(policy['spec'], before['spec']),
    );
  });

  it('says that a silent agent is not connected, and never that it is', async () => {
    await makeNamespace(api, NAMESPACE);
    const metadata = { namespace: NAMESPACE, name: 'silent' };
    const name = agentIdentity(metadata);
    const spec = { epoch: 1, clusterName: 'silent', cluster: {}, layers: [] };
    const plan = await api.create({ ...CLUSTER_PLAN, metadata, spec });
    const time = new Date().toISOString();
    const connected = { type: 'AgentConnected', status: 'True', reason: 'Connected', message: '' };
    const conditions = [{ ...connected, lastTransitionTime: time }];
    await api.replace({ ...plan, status: { conditions } }, { subresource: 'status' });
    const labels = { [CLUSTER_LABEL]: 'silent', [CLUSTER_NAMESPACE_LABEL]: NAMESPACE };
    const renewTime = time.replace('Z', '000Z');
    const lease = { ...LEASE_KIND, metadata: { namespace: AGENTS_NAMESPACE, name, labels } };
    await api.create({ ...lease, spec: { renewTime } });
    const ref = { ...CLUSTER_PLAN, ...metadata };
    const told = await eventually(
      api,
      ref,
      'to be told of the silence',
      (object) => conditionOf(object, 'AgentConnected')?.status === 'False',
    );
    expect(conditionOf(told, 'AgentConnected')).toMatchObject({ reason: 'AgentSilent' });
    expect(Date.now() - Date.parse(time)).toBeGreaterThanOrEqual(40_000);
    await waitFor({
      what: 'the event that tells of it, which comes after the condition',
      timeoutMs: 30_000,
      look: async () => {
        const { items } = await api.list({ apiVersion: 'v1', kind: 'Event', namespace: NAMESPACE });
        return items.find(({ reason }) => reason === 'AgentSilent');
      },
    });
  });

  it('hands over at once when it is told to end, and after the lease when it is killed', async () => {
    const first = await currentHolder();
    await control('provider2', 'start');
    await control('provider', 'stop');
    expect(await takenOver(first)).toBeLessThan(5);
    const second = await currentHolder();
    await control('provider', 'start');
    expect(await currentHolder()).toBe(second);
    await control('provider2', 'crash');
    const seconds = await takenOver(second);
    expect(seconds).toBeGreaterThan(5);
    expect(seconds).toBeLessThan(25);
    await api.delete(BINDING);
    await eventually(api, BINDING, 'to be back');
  });
});
