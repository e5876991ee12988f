import { CROSSPLANE_NAMESPACE } from '../crossplane/chart.ts';
import { apiServerUrl, siteAddresses } from '../network/address-plan.ts';
import type { ManagedProcess } from '../processes.ts';
import { builtFile } from '../built-file.ts';
import { serviceAccountKubeconfig } from '../site/service-account.ts';
import type { Site } from '../site/site.ts';
import type { WorldContext } from '../world-context.ts';
import { AGENT_IMAGE } from './images.ts';

/** Provider is our provider on the management site, with the permissions that our package gives. */
export interface Provider {
  readonly first: ManagedProcess;
  /** A second replica for leader election, which is not started by default. */
  readonly second: ManagedProcess;
}

/** ProviderRun is one replica. */
export interface ProviderRun {
  /** Unique in the world; names the log. */
  readonly name: string;
  /** Its connection to the management side: direct, or through a fault proxy. */
  readonly kubeconfig: string;
  /** Ports for metrics and health, unique on the site. */
  readonly ports: { readonly metrics: number; readonly health: number };
  /** Further flags. */
  readonly flags?: readonly string[];
}

/** The ServiceAccount of package/rbac/provider.yaml. */
const ACCOUNT = { namespace: CROSSPLANE_NAMESPACE, name: 'managed-cluster-provider' } as const;

/** createProvider prepares both replicas; our package must be installed. */
export async function createProvider(context: WorldContext, site: Site): Promise<Provider> {
  const kubeconfig = await serviceAccountKubeconfig(site, ACCOUNT);
  return {
    first: providerProcess(context, site, {
      name: 'm-provider',
      kubeconfig,
      ports: { metrics: 8100, health: 8101 },
    }),
    second: providerProcess(context, site, {
      name: 'm-provider-2',
      kubeconfig,
      ports: { metrics: 8102, health: 8103 },
    }),
  };
}

/** providerProcess is a replica that is not started yet; `/readyz` reports its readiness. */
export function providerProcess(
  context: WorldContext,
  site: Site,
  { name, kubeconfig, ports, flags = [] }: ProviderRun,
): ManagedProcess {
  const health = `http://${siteAddresses(site.name).bridge}:${ports.health}/readyz`;
  return context.process({
    name,
    namespace: site.name,
    command: [
      process.execPath,
      builtFile('provider/main.ts'),
      `--kubeconfig=${kubeconfig}`,
      `--management-endpoint=${apiServerUrl(site.name)}`,
      `--agent-image=${AGENT_IMAGE}`,
      // Cluster API's Docker provider mounts the socket of the engine.
      '--privileged-providers=infrastructure-docker',
      `--metrics-port=${ports.metrics}`,
      `--health-port=${ports.health}`,
      ...flags,
    ],
    env: { POD_NAMESPACE: CROSSPLANE_NAMESPACE, HOSTNAME: name },
    ready: async () => (await fetch(health)).ok,
  });
}
