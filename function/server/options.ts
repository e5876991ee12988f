import {
  COMMON_FLAGS,
  type CommandLine,
  type Flags,
  readCommandLine,
} from '../../lib/program/flags.ts';
import type { Environment } from '../../lib/program/program.ts';
import { parseAddress } from './address.ts';
import type { Address } from './address.ts';

/** Transport is how clients are authenticated: by certificate, or not at all. */
export type Transport =
  { readonly kind: 'MutualTls'; readonly certsDir: string } | { readonly kind: 'Insecure' };

/** Options are the options from the command line and the environment. */
export interface Options {
  readonly address: Address;
  readonly transport: Transport;
  readonly debug: boolean;
  /** Bytes. */
  readonly maxReceiveBytes: number;
  /** Milliseconds in which calls in flight must finish after a signal to stop. */
  readonly shutdownDeadlineMs: number;
}

const MIB = 1024 * 1024;
const CERTS_ENV = 'TLS_SERVER_CERTS_DIR';

/** FLAGS are the flags of the function. */
export const FLAGS = {
  address: {
    value: 'host:port',
    preset: '0.0.0.0:9443',
    text: 'address to serve gRPC on; [::]:9443 for IPv6',
  },
  'tls-certs-dir': {
    value: 'directory',
    text: `directory with tls.crt, tls.key and ca.crt (environment: ${CERTS_ENV})`,
  },
  'tls-server-certs-dir': {
    value: 'directory',
    text: 'alias of --tls-certs-dir, the name in the TypeScript SDK',
  },
  insecure: { text: 'serve without TLS to any client, for local development only' },
  'max-recv-message-size': {
    value: 'MiB',
    preset: '64',
    text: 'maximum size of a request; 16 to 1024',
  },
  'shutdown-deadline': {
    value: 'seconds',
    preset: '20',
    text: 'time to finish calls in flight after SIGTERM; 0 to 3600',
  },
  ...COMMON_FLAGS,
} as const satisfies Flags;

/**
 * Reads the command line (without node and script) and the environment. The flags and the variable are
 * those of Crossplane's function specification (core contributing/specifications/functions.md), and the
 * TypeScript SDK's name for the directory.
 *
 * @throws TerminalError that lists all errors, one per line.
 */
export function optionsFrom(argv: readonly string[], env: Environment): Options {
  const line = readCommandLine(FLAGS, argv);
  const address = addressFrom(line);
  const transport = transportFrom(line, env[CERTS_ENV] ?? '');
  const maxMiB = line.wholeNumber('max-recv-message-size', [16, 1024]);
  const deadline = line.wholeNumber('shutdown-deadline', [0, 3600]);
  line.check();
  return {
    address,
    transport,
    debug: line.has('debug'),
    maxReceiveBytes: maxMiB * MIB,
    shutdownDeadlineMs: deadline * 1000,
  };
}

type Line = CommandLine<keyof typeof FLAGS>;

function addressFrom(line: Line): Address {
  const text = line.text('address') ?? '';
  const address = parseAddress(text);
  if (address) return address;
  line.mistake(`--address ${text} is not host:port; use for example 0.0.0.0:9443 or [::]:9443`);
  return { host: '', port: 0 };
}

/** Insecure only if the flag is set. A flag overrides the environment, which core sets in every Pod. */
function transportFrom(line: Line, fromEnv: string): Transport {
  const dirs = [line.text('tls-certs-dir'), line.text('tls-server-certs-dir')].filter(
    (dir) => dir !== undefined,
  );
  const insecure = line.has('insecure');
  if (new Set(dirs).size > 1) {
    line.mistake(
      '--tls-certs-dir and --tls-server-certs-dir are aliases but have different values; set only one of them',
    );
  }
  if (insecure && dirs.length > 0) {
    line.mistake(
      '--insecure and a directory of certificates are mutually exclusive; set only one of them',
    );
  }
  if (insecure) return { kind: 'Insecure' };
  const certsDir = dirs[0] ?? fromEnv;
  if (certsDir === '') {
    line.mistake(
      `no certificates: set --tls-certs-dir or ${CERTS_ENV}, or --insecure for local development`,
    );
  }
  return { kind: 'MutualTls', certsDir };
}
