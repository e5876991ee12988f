import {
  COMMON_FLAGS,
  type CommandLine,
  type Flags,
  readCommandLine,
} from '../lib/program/flags.ts';
import type { Environment } from '../lib/program/program.ts';

/** ProviderOptions are the options of the installation that controllers need. */
export interface ProviderOptions {
  /** URL at which agents reach the API server of the management side. */
  readonly managementEndpoint: string;
  /** PEM of the certificate authorities that agents trust for it. */
  readonly managementAuthority: string;
  /** Image of the agent, with its tag or digest. */
  readonly agentImage: string;
  /** Namespace of the provider's own Secrets; absent: crossplane-system. */
  readonly namespace?: string;
  /** Version of the product, such as `0.1.0`. */
  readonly version: string;
  /** What the administrator allows in addition to the defaults. */
  readonly allowed: Allowed;
}

/** Allowed is what only an administrator can allow, because it affects the clusters of others. */
export interface Allowed {
  /** Namespaces whose Cluster API providers are copied into clusters; empty: those with the provider label. */
  readonly providerNamespaces: readonly string[];
  /** Providers whose Pods can have more permissions than the Pod security standard `restricted`. */
  readonly privilegedProviders: readonly string[];
  /** Registry prefixes that claims can set as `agent.imageMirror`. */
  readonly imageMirrors: readonly string[];
}

/** ProgramOptions are all options of the command line and the environment. */
export interface ProgramOptions {
  /** Kubeconfig file of the management side; absent: the cluster that the program runs in. */
  readonly kubeconfig: string | undefined;
  /** Namespace of the Lease for leader election; absent: there is only one replica. */
  readonly leaseNamespace: string | undefined;
  /** Namespace of the provider's own Secrets. */
  readonly namespace: string;
  /** URL; absent: the URL that the provider itself uses. */
  readonly managementEndpoint: string | undefined;
  /** PEM file; absent: the certificate authority that the provider itself trusts. */
  readonly managementAuthorityFile: string | undefined;
  /** Absent: the image of this version. */
  readonly agentImage: string | undefined;
  readonly allowed: Allowed;
  readonly metricsPort: number;
  /** Whether metrics are only for those whom the management side lets read them. */
  readonly metricsAuth: boolean;
  /** Directory of certificates for the metrics; absent: plain HTTP. */
  readonly metricsCertsDir: string | undefined;
  readonly healthPort: number;
  /** Concurrent reconciles of each controller. */
  readonly workers: number;
  readonly debug: boolean;
}

const NAMESPACE_ENV = 'POD_NAMESPACE';
const DEFAULT_NAMESPACE = 'crossplane-system';
const OFF = 'off';

/** FLAGS are the flags of the provider. */
export const FLAGS = {
  kubeconfig: {
    value: 'file',
    text: 'kubeconfig of the management side (default: the cluster that the provider runs in)',
  },
  'leader-election': {
    value: 'namespace',
    text: `namespace of the Lease for leader election, or off (default: environment ${NAMESPACE_ENV}, else ${DEFAULT_NAMESPACE})`,
  },
  'management-endpoint': {
    value: 'URL',
    text: 'URL at which agents reach the management side (default: the URL that the provider uses)',
  },
  'management-ca-file': {
    value: 'file',
    text: 'PEM file with the certificate authority of that endpoint (default: the one that the provider trusts)',
  },
  'agent-image': {
    value: 'image',
    text: 'image of the agent with its tag or digest (default: the image of this version)',
  },
  'provider-namespaces': {
    value: 'list',
    text: 'namespaces, separated by commas, whose Cluster API providers are copied into clusters (default: namespaces with the label cluster.x-k8s.io/provider)',
  },
  'privileged-providers': {
    value: 'list',
    text: 'Cluster API providers, separated by commas, whose Pods can have more permissions than the Pod security standard restricted, such as infrastructure-docker',
  },
  'image-mirrors': {
    value: 'list',
    text: 'registry prefixes, separated by commas, that claims can set as agent.imageMirror (default: none)',
  },
  'metrics-port': { value: 'port', preset: '8080', text: 'port of /metrics; 0 to 65535' },
  'metrics-auth': {
    value: 'on|off',
    preset: 'on',
    text: 'whether readers of /metrics need a token of the management side that may get this path',
  },
  'metrics-certs-dir': {
    value: 'directory',
    preset: OFF,
    text: 'directory with tls.crt, tls.key and ca.crt, to serve /metrics over TLS, or off',
  },
  'health-port': { value: 'port', preset: '8081', text: 'port of /healthz and /readyz' },
  workers: {
    value: 'passes',
    preset: '10',
    text: 'concurrent reconciles of each controller; 1 to 100',
  },
  ...COMMON_FLAGS,
} as const satisfies Flags;

type Line = CommandLine<keyof typeof FLAGS>;

/**
 * Parses the command line (without node and script) and the environment.
 *
 * @throws TerminalError with all mistakes, one per line.
 */
export function optionsFrom(argv: readonly string[], env: Environment): ProgramOptions {
  const line = readCommandLine(FLAGS, argv);
  const certsDir = line.text('metrics-certs-dir');
  const options = {
    kubeconfig: line.text('kubeconfig'),
    leaseNamespace: leaseNamespaceFrom(line, env),
    namespace: env[NAMESPACE_ENV] || DEFAULT_NAMESPACE,
    managementEndpoint: endpointFrom(line),
    managementAuthorityFile: line.text('management-ca-file'),
    agentImage: agentImageFrom(line),
    allowed: {
      providerNamespaces: listFrom(line, 'provider-namespaces'),
      privilegedProviders: listFrom(line, 'privileged-providers'),
      imageMirrors: listFrom(line, 'image-mirrors'),
    },
    metricsPort: line.wholeNumber('metrics-port', [0, 65_535]),
    metricsAuth: metricsAuthFrom(line),
    metricsCertsDir: certsDir === OFF ? undefined : certsDir,
    healthPort: line.wholeNumber('health-port', [0, 65_535]),
    workers: line.wholeNumber('workers', [1, 100]),
    debug: line.has('debug'),
  };
  if (options.metricsPort === options.healthPort && options.metricsPort !== 0) {
    line.mistake('--metrics-port and --health-port must be different ports');
  }
  line.check();
  return options;
}

function leaseNamespaceFrom(line: Line, env: Environment): string | undefined {
  const given = line.text('leader-election');
  if (given === OFF) return undefined;
  return given ?? (env[NAMESPACE_ENV] || DEFAULT_NAMESPACE);
}

/** Neither value by mistake: a typing error must not open the metrics. */
function metricsAuthFrom(line: Line): boolean {
  const text = line.text('metrics-auth') ?? '';
  if (text !== 'on' && text !== OFF) line.mistake(`--metrics-auth ${text} is neither on nor off`);
  return text !== OFF;
}

/** A wrong digest would be noticed only by the nodes of a new cluster. */
function agentImageFrom(line: Line): string | undefined {
  const image = line.text('agent-image');
  if (image === undefined || /^[^\s@]+(@sha256:[0-9a-f]{64})?$/.test(image)) return image;
  line.mistake(
    `--agent-image ${image} is not the name of an image; use name:tag, or name@sha256: and 64 hexadecimal digits`,
  );
  return undefined;
}

function listFrom(line: Line, flag: keyof typeof FLAGS): readonly string[] {
  const parts = (line.text(flag) ?? '').split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '');
}

function endpointFrom(line: Line): string | undefined {
  const text = line.text('management-endpoint');
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.username === '' && url.search === '') return text;
  line.mistake(
    `--management-endpoint ${text} is not the URL of an API server; use https://host:port`,
  );
  return undefined;
}
