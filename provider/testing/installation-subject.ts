import { Registry } from 'prom-client';
import type { AgentInstallation } from '../../lib/apis/agent-installation.generated.ts';
import { AGENT_INSTALLATION } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { createLogger } from '../../lib/log.ts';
import type { Result } from '../../lib/reconcile/controller.ts';
import { type MemorySide, memorySide } from '../../test/fake/memory-side.ts';
import { NOTHING_ALLOWED } from '../../test/fake/provider-options.ts';
import { agentInstallationController } from '../installation/controller.ts';

/** KEY is that of the installation. */
export const KEY = { namespace: 'team', name: 'demo' };
/** REF names it. */
export const REF = { ...AGENT_INSTALLATION, ...KEY };

/** installation is one that nobody composed. */
export function installation(metadata: Partial<KubeObject['metadata']> = {}): AgentInstallation {
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

/** kubeSystem tells one cluster from another. */
export function kubeSystem(uid: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid } };
}

/** InstallationSubject is the controller of installations over two in-memory sides. */
export interface InstallationSubject {
  readonly management: MemorySide;
  /** The workload side can be replaced for each pass. */
  readonly state: { workload: MemorySide };
  /** Reasons. */
  readonly events: readonly string[];
  readonly pass: () => Promise<Result>;
  readonly found: () => KubeObject | undefined;
}

/** subject is the controller with one installation and other objects of the management side. */
export function subject(
  first: KubeObject,
  others: readonly KubeObject[] = [],
  checkMs = 0,
): InstallationSubject {
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
