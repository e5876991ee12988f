import { Registry } from 'prom-client';
import type { AgentInstallation } from '../../../lib/apis/agent-installation.generated.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN } from '../../../lib/apis/kinds.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { createLogger } from '../../../lib/log.ts';
import type { ProviderDeps } from '../../../provider/deps.ts';
import { agentInstallationController } from '../../../provider/installation/controller.ts';
import { providerObjects } from '../../../provider/installation/parts/provider-objects.ts';
import { outcomeOf, reportParts } from '../../../provider/installation/status.ts';
import { scopeOf } from '../../../provider/installation/scope.ts';
import { memorySide } from '../../fake/memory-side.ts';
import { NO_SECRETS, NOTHING_ALLOWED } from '../../fake/provider-options.ts';

const KEY = { namespace: 'team', name: 'demo' };

const INSTALLATION: AgentInstallation = {
  ...AGENT_INSTALLATION,
  metadata: { ...KEY, uid: 'u', resourceVersion: '1', generation: 1 },
  spec: {
    clusterName: KEY.name,
    kubeconfigSecretRef: { name: 'access', key: 'value' },
    cloud: { provider: 'docker' },
    pauseUpgrades: false,
  },
};

/** An agent that has reported. */
const PLAN: KubeObject = {
  ...CLUSTER_PLAN,
  metadata: KEY,
  spec: { epoch: 1, clusterName: KEY.name, cluster: {}, layers: [] },
  status: { agentVersion: '1.0.0' },
};

const MANAGER: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'capi-controller-manager',
    namespace: 'capi-system',
    labels: { 'cluster.x-k8s.io/provider': 'cluster-api' },
  },
  spec: { template: { spec: { containers: [{ name: 'manager', image: 'capi/core:v1.14.2' }] } } },
};

/** installationStatuses are what a pass writes of a cluster whose providers are missing, and what the part says that has them. */
export async function installationStatuses(): Promise<readonly unknown[]> {
  const deps = depsOf();
  const { reconciler } = agentInstallationController(deps, { checkMs: 0, random: () => 1 });
  await reconciler.reconcile(KEY, new AbortController().signal);
  const written = await deps.management.get({ ...AGENT_INSTALLATION, ...KEY });
  return [written?.['status'], await withProviders(deps)];
}

async function withProviders(deps: ProviderDeps): Promise<unknown> {
  const watch = {
    bundle: () => Promise.resolve({ crds: [], objects: [] }),
    quietMs: () => 0,
  } as unknown as Parameters<typeof scopeOf>[0]['watch'];
  const scope = scopeOf({
    deps,
    watch,
    installation: INSTALLATION,
    plan: undefined,
    secrets: NO_SECRETS,
  });
  const outcome = await providerObjects.run({
    ...scope,
    providers: () =>
      Promise.resolve({ names: ['cluster-api'], crds: [], objects: [MANAGER], kept: [] }),
  });
  const parts = [{ name: providerObjects.name, outcome }];
  await reportParts(scope, parts, outcomeOf(parts, 0));
  return (await deps.management.get({ ...AGENT_INSTALLATION, ...KEY }))?.['status'];
}

function depsOf(): ProviderDeps {
  const management = memorySide([kubeSystem('m'), INSTALLATION, PLAN]);
  const workload = memorySide([kubeSystem('w')]);
  return {
    management: management.api,
    workload: () => Promise.resolve(workload.api),
    log: createLogger('silent'),
    events: { event: () => undefined },
    metrics: new Registry(),
    clock: { now: () => new Date('2026-01-01T00:00:00Z') },
    options: {
      managementEndpoint: 'https://management.example.com',
      managementAuthority: '',
      agentImage: '',
      version: '0.0.0',
      allowed: NOTHING_ALLOWED,
    },
  };
}

function kubeSystem(uid: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid } };
}
