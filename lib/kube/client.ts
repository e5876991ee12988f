// oxlint-disable-next-line no-restricted-imports -- the one place that loads kubeconfigs in full
import { KubeConfig } from '@kubernetes/client-node';
import type { KubeApi } from './api.ts';
import { configFile, dialler } from './connection.ts';
import { KubeClient } from './kube-client.ts';
import { transportOver } from './transport.ts';

/** ClientOptions bound what a client's requests may cost. */
export interface ClientOptions {
  /** Milliseconds until a request is given up; 30 000 when absent. A watch lives longer. */
  readonly timeoutMs?: number;
  /** The User-Agent, which audit logs show. */
  readonly userAgent?: string;
  /** User as whom every request is made (`system:serviceaccount:<namespace>:<name>`). */
  readonly impersonate?: string;
}

/** The client of the API server that a loaded kubeconfig's current context names. */
export function connect(kubeConfig: KubeConfig, options: ClientOptions = {}): KubeApi {
  return clientOf(() => Promise.resolve(kubeConfig), options);
}

/**
 * The client for a kubeconfig file. The file is read again with each request, so that a renewed
 * token or certificate in it is used without a restart.
 */
export function clientFromFile(
  path: string,
  context?: string,
  options: ClientOptions = {},
): KubeApi {
  return clientOf(
    configFile(path, (text) => load(text, context)),
    options,
  );
}

/**
 * The client for the caller's own kubeconfig, as YAML or JSON. It may run programs and read files: one that
 * somebody else wrote, such as that in a Secret, goes by untrusted-kubeconfig.ts.
 */
export function clientFromString(yaml: string, options: ClientOptions = {}): KubeApi {
  return connect(load(yaml), options);
}

/** The client of the cluster that this process runs in, by its Pod's ServiceAccount. */
export function clientInCluster(options: ClientOptions = {}): KubeApi {
  if (process.env['KUBERNETES_SERVICE_HOST'] === undefined) {
    throw new Error(
      'cannot find the API server: KUBERNETES_SERVICE_HOST is not set; run inside a Pod, or give a kubeconfig',
    );
  }
  const config = new KubeConfig();
  config.loadFromCluster();
  return connect(config, options);
}

function clientOf(source: () => Promise<KubeConfig>, options: ClientOptions): KubeApi {
  const { userAgent = 'managed-cluster', impersonate } = options;
  const dial = dialler(source, {
    'user-agent': userAgent,
    ...(impersonate === undefined ? {} : { 'impersonate-user': impersonate }),
  });
  return new KubeClient(transportOver(dial, options.timeoutMs ?? 30_000));
}

function load(text: string, context?: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(text);
  if (context !== undefined) config.setCurrentContext(context);
  if (config.getCurrentCluster() === null) {
    const known = config.getContexts().map(({ name }) => name);
    throw new Error(
      `cannot use the kubeconfig: no context ${config.getCurrentContext()} with a cluster; it has: ${known.join(', ')}`,
    );
  }
  return config;
}
