import { Registry } from 'prom-client';
import { AGENT_IMAGE, apiServerUrl, grantAccess } from '@managed-cluster/testbed';
import { aCluster, objectsOf } from '../../../capi/testing/clusters.ts';
import { firstControlPlane } from '../../../capi/expansion.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN } from '../../../lib/apis/kinds.ts';
import { USABLE_BY_ANNOTATION } from '../../../lib/apis/opt-in.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { createLogger } from '../../../lib/log.ts';
import { createEventRecorder } from '../../../lib/reconcile/events.ts';
import { createControllerMetrics } from '../../../lib/reconcile/metrics.ts';
import type { ProviderDeps } from '../../../provider/deps.ts';
import { agentInstallationController } from '../../../provider/installation/controller.ts';
import { runControllers } from '../../../provider/run-controllers.ts';
import { workloadClients } from '../../../provider/workload-clients.ts';
import { forgetAgent, makeNamespace, worldFile } from '../world.ts';
import { counting, newTraffic, type Traffic } from './traffic.ts';
import { NOTHING_ALLOWED } from '../../fake/provider-options.ts';

/** NAMESPACE is where the cluster of these tests is. */
export const NAMESPACE = 'e2e-installation';

/** CLUSTER is a cluster of pretended machines that no ManagedCluster stands behind. */
export const CLUSTER = 'alone';

/** INSTALLATION is its AgentInstallation. */
export const INSTALLATION = { ...AGENT_INSTALLATION, namespace: NAMESPACE, name: CLUSTER } as const;

/** PLAN is its ClusterPlan. */
export const PLAN = { ...CLUSTER_PLAN, namespace: NAMESPACE, name: CLUSTER } as const;

/** SECRET_OF_PLAN is a Secret that a layer of the plan names. */
export const SECRET_OF_PLAN = 'registry-password';

/** What stands for a CNI; the variable shows that the agent could read its Secret. */
const LAYER = `
apiVersion: v1
kind: ConfigMap
metadata: {name: stand-in-for-cni, namespace: default}
data: {mtu: "1450"}
`;

const metadata = { name: CLUSTER, namespace: NAMESPACE };
/** KUBECONFIG is the Secret with the way to the workload site. */
export const KUBECONFIG = 'alone-api';

/** installationOf is an AgentInstallation with some fields of its spec replaced. */
export function installationOf(changes: Readonly<Record<string, unknown>> = {}): KubeObject {
  return {
    ...AGENT_INSTALLATION,
    metadata,
    spec: {
      clusterName: CLUSTER,
      kubeconfigSecretRef: { name: KUBECONFIG, key: 'value' },
      cloud: { provider: 'docker' },
      tokenDays: 1,
      pauseUpgrades: false,
      ...changes,
    },
  };
}

/** givenCluster makes the cluster, its plan and the way to the workload site. */
export async function givenCluster(api: KubeApi): Promise<void> {
  await forgetAgent();
  await makeNamespace(api, NAMESPACE);
  const inMemory = { cloud: { docker: { backend: 'inMemory' } } };
  const input = { ...aCluster('docker', inMemory), ...metadata };
  const options = { fieldManager: 'e2e-installation', force: true };
  for (const object of objectsOf(firstControlPlane(input))) {
    // oxlint-disable-next-line no-await-in-loop -- the Cluster before what it owns
    await api.apply(object, options);
  }
  await grantAccess(api, { namespace: NAMESPACE, name: KUBECONFIG }, worldFile().access);
  await api.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: SECRET_OF_PLAN,
        namespace: NAMESPACE,
        annotations: { [USABLE_BY_ANNOTATION]: CLUSTER },
      },
      stringData: { password: 'e2e-secret' },
    },
    options,
  );
  const variable = { name: 'password', secretKeyRef: { name: SECRET_OF_PLAN, key: 'password' } };
  const layer = {
    name: 'cni',
    type: 'cni',
    installPriority: 0,
    manifests: LAYER,
    secretVariables: [variable],
  };
  const { spec } = input;
  await api.apply(
    {
      ...CLUSTER_PLAN,
      metadata,
      spec: { epoch: 1, clusterName: CLUSTER, cluster: spec, layers: [layer] },
    },
    options,
  );
}

/** Run is a controller that runs in this process. */
export interface Run {
  /** What its client of the workload site has done. */
  readonly traffic: Traffic;
  /** Milliseconds that its clock goes wrong by. */
  skewMs: number;
  stop(): Promise<void>;
}

/** runInstaller runs the controller as the provider does, but looks for drift every few seconds. */
export function runInstaller(management: KubeApi, checkMs: number): Run {
  const abort = new AbortController();
  const log = createLogger('warn');
  const registry = new Registry();
  const traffic = newTraffic();
  const { authority } = worldFile().management;
  const deps: ProviderDeps = {
    management,
    workload: workloadClients(management, (api) => counting(api, traffic)),
    log,
    events: createEventRecorder(management, { component: 'e2e-installation', log }),
    metrics: registry,
    clock: { now: () => new Date(Date.now() + run.skewMs) },
    options: {
      managementEndpoint: apiServerUrl('m'),
      managementAuthority: authority.certificate,
      agentImage: AGENT_IMAGE,
      version: '0.0.0',
      allowed: {
        ...NOTHING_ALLOWED,
        privilegedProviders: ['infrastructure-docker'],
        imageMirrors: ['mirror.example'],
      },
    },
  };
  const parts = agentInstallationController(deps, { checkMs, random: () => 1 });
  const metrics = createControllerMetrics(registry);
  const running = runControllers([parts], { management, log, metrics, workers: 2 }, abort.signal);
  const run: Run = {
    traffic,
    skewMs: 0,
    async stop(): Promise<void> {
      abort.abort();
      await running;
    },
  };
  return run;
}
