import { join } from 'node:path';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { siteAddresses, type SiteName } from '../network/address-plan.ts';
import type { ManagedProcess } from '../processes.ts';
import { serviceAccountKubeconfig } from '../site/service-account.ts';
import type { Site } from '../site/site.ts';
import { binary, type WorldContext } from '../world-context.ts';
import { circuitBreakerFlags } from './circuit-breaker.ts';
import { CROSSPLANE_NAMESPACE, chartPermissions, type CrossplaneFiles } from './chart.ts';
import { functionFolder, functionProcess, registerFunction } from './function.ts';
import { crossplaneCertificates, initialiseCrossplane } from './initialise.ts';
import { portAnswers } from './port.ts';

/** Crossplane is the core, the RBAC manager and the function on the management site. */
export interface Crossplane {
  readonly core: ManagedProcess;
  readonly rbacManager: ManagedProcess;
  readonly function: ManagedProcess;
  /** Folder with the function's `tls.crt`, `tls.key` and `ca.crt`. */
  readonly functionCertificates: string;
  /** Folder with the client certificate that the core shows to functions. */
  readonly clientCertificates: string;
}

/** CrossplaneOptions are the options of Crossplane in a world. */
export interface CrossplaneOptions {
  readonly files: CrossplaneFiles;
  /** The function's command; ours when absent. */
  readonly functionCommand?: readonly string[];
}

/** The RBAC manager's metrics port has no flag, so the core, in the same namespace, moves away. */
const PORTS = { rbacMetrics: 8080, coreMetrics: 8090, coreHealth: 8091 } as const;

/** coreMetricsUrl is the metrics endpoint of Crossplane's core on a site. */
export function coreMetricsUrl(site: SiteName): string {
  return `http://${siteAddresses(site).bridge}:${PORTS.coreMetrics}/metrics`;
}

/**
 * Installs Crossplane on a site whose API answers, and starts it with the permissions of its
 * ServiceAccounts only, so that what our package does not grant fails here as it does elsewhere.
 */
export async function startCrossplane(
  context: WorldContext,
  site: Site,
  options: CrossplaneOptions,
): Promise<Crossplane> {
  const permissions = chartPermissions(binary(context, 'helm'), options.files.chart);
  await applyPermissions(site.api, await permissions);
  const [coreConfig, rbacConfig] = await Promise.all([
    serviceAccountKubeconfig(site, { namespace: CROSSPLANE_NAMESPACE, name: 'crossplane' }),
    serviceAccountKubeconfig(site, { namespace: CROSSPLANE_NAMESPACE, name: 'rbac-manager' }),
  ]);
  await initialiseCrossplane(context, coreConfig, options.files);
  context.emit('crossplane: initialised');

  const { authority, clientFolder } = await crossplaneCertificates(site.api, site.folder);
  const functionCertificates = functionFolder(site.folder);
  const crossplane = {
    core: coreProcess(context, site, { kubeconfig: coreConfig, clientFolder }),
    rbacManager: rbacProcess(context, rbacConfig),
    function: await functionProcess(context, {
      authority,
      folder: functionCertificates,
      ...(options.functionCommand && { command: options.functionCommand }),
    }),
    functionCertificates,
    clientCertificates: clientFolder,
  };
  await Promise.all([
    crossplane.core.start(),
    crossplane.rbacManager.start(),
    crossplane.function.start(),
    registerFunction(site.api),
  ]);
  context.emit('crossplane: core, RBAC manager and function are ready');
  return crossplane;
}

async function applyPermissions(api: KubeApi, objects: readonly KubeObject[]): Promise<void> {
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: CROSSPLANE_NAMESPACE },
  };
  await api.apply(namespace, { fieldManager: 'world' });
  await Promise.all(objects.map((object) => api.apply(object, { fieldManager: 'helm' })));
}

function coreProcess(
  context: WorldContext,
  site: Site,
  given: { readonly kubeconfig: string; readonly clientFolder: string },
): ManagedProcess {
  const health = `http://${siteAddresses(site.name).bridge}:${PORTS.coreHealth}/readyz`;
  return context.process({
    name: 'm-crossplane',
    namespace: site.name,
    command: [
      binary(context, 'crossplane'),
      'core',
      'start',
      '--debug',
      '--package-runtime=External',
      '--enable-webhooks=false',
      ...circuitBreakerFlags(),
      `--metrics-port=${PORTS.coreMetrics}`,
      `--health-probe-port=${PORTS.coreHealth}`,
    ],
    env: {
      KUBECONFIG: given.kubeconfig,
      POD_NAMESPACE: CROSSPLANE_NAMESPACE,
      TLS_CLIENT_CERTS_DIR: given.clientFolder,
      XPKG_CACHE_DIR: join(site.folder, 'xpkg'),
    },
    ready: async () => (await fetch(health)).ok,
  });
}

function rbacProcess(context: WorldContext, kubeconfigFile: string): ManagedProcess {
  return context.process({
    name: 'm-crossplane-rbac-manager',
    namespace: 'm',
    command: [
      binary(context, 'crossplane'),
      'rbac',
      'start',
      '--debug',
      '--provider-clusterrole=crossplane:allowed-provider-permissions',
    ],
    env: { KUBECONFIG: kubeconfigFile },
    ready: () => portAnswers(siteAddresses('m').bridge, PORTS.rbacMetrics),
  });
}
