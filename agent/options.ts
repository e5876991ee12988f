import { join } from 'node:path';
import { AGENT_NAME, AGENT_NAMESPACE } from '../lib/apis/agent.ts';
import { SERVICE_ACCOUNT_FOLDER } from '../lib/kube/token-client.ts';
import { COMMON_FLAGS, readCommandLine, type Flags } from '../lib/program/flags.ts';
import type { Environment } from '../lib/program/program.ts';

/** Options are the settings from command line and environment. */
export interface Options {
  /** Name of the Pod, which is the holder of the Leases. */
  readonly identity: string;
  /** Namespace of the agent. */
  readonly namespace: string;
  readonly metricsPort: number;
  readonly healthPort: number;
  /** Path or name of Helm v3. */
  readonly helm: string;
  /** Folder for disposable files. */
  readonly cacheFolder: string;
  readonly serviceAccountFolder: string;
  readonly debug: boolean;
}

/** FLAGS are the flags of the agent. */
export const FLAGS = {
  'metrics-port': {
    value: 'port',
    preset: '9460',
    text: 'port of /metrics on 127.0.0.1; 0 to 65535',
  },
  'health-port': { value: 'port', preset: '9461', text: 'port of /healthz and /readyz' },
  helm: { value: 'path', text: 'Helm v3 (default: environment HELM_BINARY, else helm)' },
  'cache-folder': {
    value: 'folder',
    text: 'folder for caches (default: environment CACHE_DIR, else HOME, else /tmp)',
  },
  'service-account-folder': {
    value: 'folder',
    preset: SERVICE_ACCOUNT_FOLDER,
    text: 'folder with token and ca.crt of the ServiceAccount',
  },
  ...COMMON_FLAGS,
} as const satisfies Flags;

const PORTS = [0, 65_535] as const;

/**
 * Reads the command line (without node and script) and the environment: POD_NAME, POD_NAMESPACE,
 * HELM_BINARY, CACHE_DIR, HOME.
 *
 * @throws TerminalError with all mistakes, one per line.
 */
export function optionsFrom(argv: readonly string[], env: Environment): Options {
  const line = readCommandLine(FLAGS, argv);
  const cache = line.text('cache-folder') ?? env['CACHE_DIR'] ?? env['HOME'] ?? '/tmp';
  const options = {
    identity: env['POD_NAME'] ?? AGENT_NAME,
    namespace: env['POD_NAMESPACE'] ?? AGENT_NAMESPACE,
    metricsPort: line.wholeNumber('metrics-port', PORTS),
    healthPort: line.wholeNumber('health-port', PORTS),
    helm: line.text('helm') ?? env['HELM_BINARY'] ?? 'helm',
    cacheFolder: join(cache, 'managed-cluster-agent'),
    serviceAccountFolder: line.text('service-account-folder') ?? SERVICE_ACCOUNT_FOLDER,
    debug: line.has('debug'),
  };
  line.check();
  return options;
}
