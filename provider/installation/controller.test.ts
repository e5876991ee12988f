import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import type { AgentInstallation } from '../../lib/apis/agent-installation.generated.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { CLUSTER_LABEL, PROVIDER_FINALIZER } from '../../lib/apis/ownership.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { createLogger } from '../../lib/log.ts';
import { agentInstallationController } from './controller.ts';
import { memorySide } from '../../test/fake/memory-side.ts';
import { NOTHING_ALLOWED } from '../../test/fake/provider-options.ts';

const KEY = { namespace: 'team', name: 'demo' };
const REF = { ...AGENT_INSTALLATION, ...KEY };

function installation(metadata: Partial<KubeObject['metadata']> = {}): AgentInstallation {
  return {
    ...AGENT_INSTALLATION,
    metadata: { ...KEY, uid: 'u', resourceVersion: '1', generation: 1, ...metadata },
    spec: {
      clusterName: KEY.name,
      kubeconfigSecretRef: { name: 'access', key: 'value' },
      cloud: { provider: 'docker' },
      pauseUpgrades: false,
    },
  };
}

function kubeSystem(uid: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid } };
}

/** The controller with two in-memory sides; the workload side can be replaced for each pass. */
function subject(first: KubeObject, others: readonly KubeObject[] = [], checkMs = 0) {
  const management = memorySide([kubeSystem('m'), first, ...others]);
  const state = { workload: memorySide([kubeSystem('w')]) };
  const events: string[] = [];
  const { reconciler } = agentInstallationController(
    {
      management: management.api,
      workload: () => Promise.resolve(state.workload.api),
      log: createLogger('silent'),
      events: { event: (_object, _type, reason) => void events.push(reason) },
      metrics: new Registry(),
      clock: { now: () => new Date('2026-01-01T00:00:00Z') },
      options: {
        managementEndpoint: 'https://m',
        managementAuthority: '',
        agentImage: '',
        version: '',
        allowed: NOTHING_ALLOWED,
      },
    },
    { checkMs, random: () => 1 },
  );
  return {
    management,
    state,
    events,
    pass: () => reconciler.reconcile(KEY, new AbortController().signal),
    found: () => management.object(REF),
  };
}

describe('an AgentInstallation', () => {
  it('that is paused by crossplane.io/paused is not reconciled, and reports it', async () => {
    const paused = { annotations: { 'crossplane.io/paused': 'true' } };
    const { management, state, pass, found } = subject(installation(paused));

    expect(await pass()).toEqual({});
    expect(conditionOf(found(), 'Synced')).toMatchObject({
      status: 'False',
      reason: 'ReconcilePaused',
      message: expect.stringContaining('remove it to resume'),
    });
    expect(management.writes).toEqual(['replace AgentInstallation demo']);
    expect(state.workload.writes).toEqual([]);
  });

  it('remembers its cluster, and rejects another one until a user acts', async () => {
    const { state, events, pass, found } = subject(installation());
    await pass();
    expect(recordIn(found(), 'status')?.['clusterUID']).toBe('w');
    state.workload = memorySide([kubeSystem('x')]);
    const { requeueAfterMs } = await pass();

    // The first pass also failed: this management side has no providers to copy.
    expect(requeueAfterMs).toBe(2000);
    expect(recordIn(found(), 'status')?.['clusterUID']).toBe('w');
    expect(conditionOf(found(), 'Synced')).toMatchObject({ status: 'False' });
    expect(conditionOf(found(), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'TargetChanged',
      message: expect.stringContaining('(the uid of namespace kube-system is x, it was w)'),
    });
    expect(state.workload.writes).toEqual([]);
    expect(events.at(-1)).toBe('TargetChanged');
  });

  it('lets the agent read a Secret as soon as its owner allows it, and says so until then', async () => {
    const variable = { name: 'v', secretKeyRef: { name: 'db', key: 'password' } };
    const layer = { name: 'a', type: 'addon', installPriority: 1, secretVariables: [variable] };
    const spec = { epoch: 1, clusterName: KEY.name, cluster: {}, layers: [layer] };
    const plan = { ...CLUSTER_PLAN, metadata: KEY, spec };
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: KEY.namespace, name: 'db' };
    const metadata = { namespace: ref.namespace, name: ref.name };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata, data: { password: 'eA==' } };
    const { management, pass, found } = subject(installation(), [plan, secret], 60_000);
    function roleText(): string {
      const applied = management.writes.findLast((write) => write.startsWith('apply Role '));
      const name = (applied ?? '').slice('apply Role '.length);
      return JSON.stringify(management.object({ ...ref, kind: 'Role', name }));
    }
    await pass();
    expect(roleText()).not.toContain('"db"');
    expect(JSON.stringify(found()?.['status'])).toContain(
      "kubectl -n team annotate secret db managedcluster.io/usable-by='demo' --overwrite",
    );

    const annotations = { 'managedcluster.io/usable-by': 'demo' };
    await management.api.patch(ref, { metadata: { annotations } });
    await pass();
    expect(roleText()).toContain('"db"');
    expect(JSON.stringify(found()?.['status'])).not.toContain('SecretNotAllowed');
  });

  it('that is deleted removes its own identity, and no other', async () => {
    const going = { deletionTimestamp: 'now', finalizers: [PROVIDER_FINALIZER, 'other'] };
    const account = { apiVersion: 'v1', kind: 'ServiceAccount' };
    const labels = { [CLUSTER_LABEL]: KEY.name };
    const metadata = { namespace: KEY.namespace, name: 'demo-agent', uid: 'a' };
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata };
    const { management, pass, found } = subject(installation(going), [
      { ...account, metadata: { ...metadata, labels } },
      lease,
    ]);
    await pass();

    expect(management.writes).toEqual([
      'delete ServiceAccount demo-agent',
      'patch AgentInstallation demo',
    ]);
    expect(found()?.metadata.finalizers).toEqual(['other']);
  });

  it('that is deleted reports why the identity cannot be removed, and is kept', async () => {
    const going = { deletionTimestamp: 'now', finalizers: [PROVIDER_FINALIZER] };
    const account = { apiVersion: 'v1', kind: 'ServiceAccount' };
    const labels = { [CLUSTER_LABEL]: KEY.name };
    const metadata = { namespace: KEY.namespace, name: 'demo-agent', uid: 'a', labels };
    const { management, pass, found } = subject(installation(going), [{ ...account, metadata }]);
    management.api.delete = () => Promise.reject(new Error('forbidden'));

    await expect(pass()).rejects.toThrow('forbidden');
    expect(conditionOf(found(), 'Synced')).toMatchObject({
      status: 'False',
      reason: 'ReconcileError',
      message: 'forbidden',
    });
    expect(found()?.metadata.finalizers).toEqual([PROVIDER_FINALIZER]);
  });
});
