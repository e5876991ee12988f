// oxlint-disable-next-line no-restricted-imports -- the only place that loads trusted kubeconfigs in full
import { KubeConfig } from '@kubernetes/client-node';
import type { KubeApi } from './api.ts';
import { type Bounds, TRUSTED } from './bounds.ts';
import { configFile, dialler } from './connection.ts';
import { KubeClient } from './kube-client.ts';
import { transportOver } from './transport.ts';

/** ClientOptions configure a client. */
export interface ClientOptions {
  /** Request timeout in milliseconds; 30 000 if absent. It does not limit a watch. */
  readonly timeoutMs?: number;
  /** The User-Agent, which appears in audit logs. */
  readonly userAgent?: string;
  /** User to impersonate in every request (`system:serviceaccount:<namespace>:<name>`). */
  readonly impersonate?: string;
  /** What an answer may have at most; TRUSTED if absent. */
  readonly bounds?: Bounds;
}

/** The client for the API server of the current context of a loaded kubeconfig. */
export function connect(kubeConfig: KubeConfig, options: ClientOptions = {}): KubeApi {
  return clientOf(() => Promise.resolve(kubeConfig), options);
}

/**
 * The client for a kubeconfig file. The file is read again for each request, so that a renewed token or
 * certificate is used without a restart.
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
 * The client for the kubeconfig of the caller, as YAML or JSON. It may run programs and read files: use
 * untrusted-kubeconfig.ts for a kubeconfig from another source, such as a Secret.
 */
export function clientFromString(yaml: string, options: ClientOptions = {}): KubeApi {
  return connect(load(yaml), options);
}

/** The client for the cluster that this process runs in, with the ServiceAccount of its Pod. */
export function clientInCluster(options: ClientOptions = {}): KubeApi {
  if (process.env['KUBERNETES_SERVICE_HOST'] === undefined) {
    throw new Error(
      'cannot find the API server: KUBERNETES_SERVICE_HOST is not set; run inside a Pod, or set a kubeconfig',
    );
  }
  const config = new KubeConfig();
  config.loadFromCluster();
  return connect(config, options);
}

function clientOf(source: () => Promise<KubeConfig>, options: ClientOptions): KubeApi {
  const { userAgent = 'managed-cluster', impersonate, bounds = TRUSTED } = options;
  const dial = dialler(source, {
    'user-agent': userAgent,
    ...(impersonate === undefined ? {} : { 'impersonate-user': impersonate }),
  });
  return new KubeClient(transportOver(dial, { timeoutMs: options.timeoutMs ?? 30_000, bounds }));
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
