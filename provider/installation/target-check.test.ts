import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { AGENT_NAMESPACE, BOOTSTRAP_KEYS, BOOTSTRAP_SECRET } from '../../lib/apis/agent.ts';
import type { AgentInstallation } from '../../lib/apis/agent-installation.generated.ts';
import { AGENT_INSTALLATION } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { createLogger } from '../../lib/log.ts';
import { doneWith } from '../../lib/reconcile/outcome.ts';
import { partMemory, type PartMemory } from './part-memory.ts';
import type { NamedOutcome } from './part.ts';
import { bootstrap } from './parts/bootstrap.ts';
import { identity } from './parts/identity.ts';
import { target } from './parts/target.ts';
import { watchProviders } from './provider-watch.ts';
import { runParts } from './run-parts.ts';
import { scopeOf } from './scope.ts';
import { base64, secretText } from '../../lib/core/secret-data.ts';
import { type MemorySide, memorySide } from '../../test/fake/memory-side.ts';
import { NO_SECRETS, NOTHING_ALLOWED } from '../../test/fake/provider-options.ts';

const KEY = { namespace: 'team', name: 'demo' };
const SECRET = {
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: AGENT_NAMESPACE,
  name: BOOTSTRAP_SECRET,
};

function kubeSystem(uid: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid } };
}

function agentOf(namespace: string, name: string): KubeObject {
  const { apiVersion, kind, ...metadata } = SECRET;
  const texts = { [BOOTSTRAP_KEYS.namespace]: namespace, [BOOTSTRAP_KEYS.cluster]: name };
  const data = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, base64(text)]));
  return { apiVersion, kind, metadata, data };
}

/** Both sides, and a pass over the first parts of an installation. */
function subject(there: readonly KubeObject[], status: AgentInstallation['status'] = {}) {
  const management = memorySide([kubeSystem('m')]);
  const workload: { side: MemorySide } = { side: memorySide(there) };
  const installation: AgentInstallation = {
    ...AGENT_INSTALLATION,
    metadata: { ...KEY, uid: 'installation' },
    spec: {
      clusterName: KEY.name,
      kubeconfigSecretRef: { name: 'access', key: 'value' },
      cloud: { provider: 'docker' },
      pauseUpgrades: false,
    },
    status,
  };
  const deps = {
    management: management.api,
    workload: () => Promise.resolve(workload.side.api),
    log: createLogger('silent'),
    events: { event: () => undefined },
    metrics: new Registry(),
    clock: { now: () => new Date('2026-01-01T00:00:00Z') },
    options: {
      managementEndpoint: 'https://m',
      managementAuthority: '',
      agentImage: '',
      version: '',
      allowed: NOTHING_ALLOWED,
    },
  };
  const watch = watchProviders(management.api, []);
  return {
    workload,
    pass: (memory: PartMemory = partMemory(0)): Promise<readonly NamedOutcome[]> =>
      runParts(
        [identity, target, bootstrap],
        scopeOf({ deps, watch, installation, plan: undefined, secrets: NO_SECRETS }),
        memory,
      ),
  };
}

describe('the kubeconfig of a cluster', () => {
  it('is accepted, and its cluster is recorded', async () => {
    const { workload, pass } = subject([kubeSystem('w')]);
    const [, first, second] = await pass();

    expect(first).toEqual({ name: 'Target', outcome: doneWith({ clusterUID: 'w' }) });
    expect(second?.outcome.kind).toBe('Done');
    expect(secretText(workload.side.object(SECRET), 'cluster')).toBe('demo');
  });

  it('is accepted for a recreated AgentInstallation', async () => {
    const { workload, pass } = subject([kubeSystem('w'), agentOf('team', 'demo')]);

    expect((await pass()).map(({ outcome }) => outcome.kind)).toEqual(['Done', 'Done', 'Done']);
    expect(secretText(workload.side.object(SECRET), 'endpoint')).toBe('https://m');
  });

  it.each<{ reason: string; there: readonly KubeObject[]; status?: AgentInstallation['status'] }>([
    { reason: 'TargetOfAnotherCluster', there: [kubeSystem('w'), agentOf('team', 'other')] },
    { reason: 'TargetChanged', there: [kubeSystem('w')], status: { clusterUID: 'before' } },
    { reason: 'TargetIsManagement', there: [kubeSystem('m')] },
    { reason: 'Failed', there: [] },
  ])('is rejected, with nothing written: $reason', async ({ reason, there, status }) => {
    const { workload, pass } = subject(there, status);
    const all = await pass();

    expect(all.slice(1)).toMatchObject([
      { name: 'Target', outcome: { kind: 'Stalled', reason } },
      { name: 'Bootstrap', outcome: { kind: 'Wait', reason: 'WaitingForTarget' } },
    ]);
    expect(workload.side.writes).toEqual([]);
  });

  it('is checked again although it was valid recently: the Secret may have been edited', async () => {
    const { workload, pass } = subject([kubeSystem('w')]);
    const memory = partMemory(60_000);
    await pass(memory);
    memory.forget('Bootstrap');
    workload.side = memorySide([kubeSystem('x'), agentOf('team', 'other')]);
    const refused = await pass(memory);
    expect(refused.map(({ outcome }) => outcome)).toMatchObject([
      { kind: 'Done' },
      { kind: 'Done' },
      { kind: 'Stalled', reason: 'TargetOfAnotherCluster' },
    ]);
    expect(workload.side.writes).toEqual([]);

    expect((await pass(memory))[1]?.outcome).toMatchObject({ reason: 'TargetOfAnotherCluster' });
  });
});
