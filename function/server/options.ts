import { parseArgs } from 'node:util';
import { TerminalError } from '../../lib/errors.ts';
import { parseAddress } from './address.ts';
import type { Address } from './address.ts';

/** Transport is how clients are let in: proved by certificate, or anybody. */
export type Transport =
  { readonly kind: 'MutualTls'; readonly certsDir: string } | { readonly kind: 'Insecure' };

/** Options are all that the command line and the environment say. */
export interface Options {
  readonly address: Address;
  readonly transport: Transport;
  readonly debug: boolean;
  /** Bytes. */
  readonly maxReceiveBytes: number;
  /** Milliseconds that calls in flight have to finish after a signal to stop. */
  readonly shutdownDeadlineMs: number;
}

const MIB = 1024 * 1024;
const CERTS_ENV = 'TLS_SERVER_CERTS_DIR';

/** FLAGS is the one table of flags; the parser and the help text both come from it. */
const FLAGS = {
  address: {
    value: 'host:port',
    preset: '0.0.0.0:9443',
    text: 'where to listen for gRPC; [::]:9443 for IPv6',
  },
  'tls-certs-dir': {
    value: 'directory',
    text: `directory with tls.crt, tls.key and ca.crt (environment: ${CERTS_ENV})`,
  },
  'tls-server-certs-dir': { value: 'directory', text: 'the same, as the TypeScript SDK calls it' },
  insecure: { text: 'plain text, any client: for a laptop only' },
  'max-recv-message-size': {
    value: 'MiB',
    preset: '64',
    text: 'largest request that is taken; 16 to 1024',
  },
  'shutdown-deadline': {
    value: 'seconds',
    preset: '20',
    text: 'time for calls in flight after SIGTERM; 0 to 3600',
  },
  debug: { short: 'd', text: 'one log line a call' },
  help: { short: 'h', text: 'show this help' },
} as const satisfies Record<string, Flag>;

interface Flag {
  /** What the value is; absent when the flag takes none. */
  readonly value?: string;
  readonly preset?: string;
  readonly short?: string;
  readonly text: string;
}

type FlagName = keyof typeof FLAGS;
type Given = Partial<Record<FlagName, string>>;

/** The text of `--help`. */
export function helpText(program: string): string {
  const lines = Object.entries<Flag>(FLAGS).map(([name, { value, preset, short, text }]) => {
    const flag = `${short ? `-${short}, ` : '    '}--${name}${value ? ` <${value}>` : ''}`;
    return `  ${flag.padEnd(40)}${text}${preset ? ` (default ${preset})` : ''}`;
  });
  return [`Usage: ${program} [flags]`, '', 'A Crossplane composition function.', '', ...lines].join(
    '\n',
  );
}

/** Whether help is asked for, whatever else the command line says. */
export function wantsHelp(argv: readonly string[]): boolean {
  return argv.includes('--help') || argv.includes('-h');
}

/**
 * Reads the command line (without node and script) and the environment. The flags and the variable
 * are those that Crossplane's function specification names (core contributing/specifications/functions.md),
 * and the TypeScript SDK's own name for the directory.
 *
 * @throws TerminalError naming every mistake at once, one a line.
 */
export function optionsFrom(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Options {
  const mistakes: string[] = [];
  const given = flagsIn(argv, mistakes);
  const address = parseAddress(valueOf(given, 'address'));
  if (!address) {
    mistakes.push(
      `--address ${valueOf(given, 'address')} is not host:port; write 0.0.0.0:9443 or [::]:9443`,
    );
  }
  const transport = transportFrom(given, env[CERTS_ENV] ?? '', mistakes);
  const maxMiB = wholeNumber(given, 'max-recv-message-size', [16, 1024], mistakes);
  const deadline = wholeNumber(given, 'shutdown-deadline', [0, 3600], mistakes);
  if (mistakes.length > 0 || !address || !transport) throw new TerminalError(mistakes.join('\n'));
  return {
    address,
    transport,
    debug: given.debug !== undefined,
    maxReceiveBytes: maxMiB * MIB,
    shutdownDeadlineMs: deadline * 1000,
  };
}

/** The flags that are given; a later one wins. Not strict, because strict stops at the first mistake. */
function flagsIn(argv: readonly string[], mistakes: string[]): Given {
  const options = Object.fromEntries(
    Object.entries<Flag>(FLAGS).map(([name, { value, short }]) => [
      name,
      { type: value ? ('string' as const) : ('boolean' as const), ...(short ? { short } : {}) },
    ]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const given: Given = {};
  for (const token of tokens) {
    if (token.kind === 'positional') {
      mistakes.push(`${token.value} is not a flag; the function takes flags only`);
    }
    if (token.kind !== 'option') continue;
    const mistake = mistakeIn(token);
    if (mistake) mistakes.push(mistake);
    else if (isFlag(token.name)) given[token.name] = token.value ?? '';
  }
  return given;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function mistakeIn({ name, rawName, value, inlineValue }: OptionToken): string | undefined {
  if (!isFlag(name)) return `${rawName} is not a known flag; --help lists them`;
  const flag: Flag = FLAGS[name];
  if (!flag.value) return value === undefined ? undefined : `${rawName} takes no value`;
  // A flag in the place of a value means that the value was forgotten.
  const forgotten = !value || (inlineValue === false && value.startsWith('-'));
  return forgotten ? `${rawName} needs a value: <${flag.value}>` : undefined;
}

function isFlag(name: string): name is FlagName {
  return Object.hasOwn(FLAGS, name);
}

function valueOf(
  given: Given,
  name: 'address' | 'max-recv-message-size' | 'shutdown-deadline',
): string {
  return given[name] ?? FLAGS[name].preset;
}

/** Never insecure unless it is said. A flag beats the environment, which core sets in every Pod. */
function transportFrom(given: Given, fromEnv: string, mistakes: string[]): Transport | undefined {
  const dirs = [given['tls-certs-dir'], given['tls-server-certs-dir']].filter(
    (dir) => dir !== undefined,
  );
  const insecure = given.insecure !== undefined;
  if (new Set(dirs).size > 1) {
    mistakes.push(
      '--tls-certs-dir and --tls-server-certs-dir mean the same but differ; give only one',
    );
  }
  if (insecure && dirs.length > 0) {
    mistakes.push(
      '--insecure and a directory of certificates contradict each other; give only one',
    );
  }
  if (insecure) return { kind: 'Insecure' };
  const certsDir = dirs[0] ?? fromEnv;
  if (certsDir !== '') return { kind: 'MutualTls', certsDir };
  mistakes.push(`no certificates: give --tls-certs-dir or ${CERTS_ENV}, or --insecure on a laptop`);
  return undefined;
}

function wholeNumber(
  given: Given,
  name: 'max-recv-message-size' | 'shutdown-deadline',
  [least, most]: readonly [number, number],
  mistakes: string[],
): number {
  const text = valueOf(given, name);
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  const unit = FLAGS[name].value;
  mistakes.push(`--${name} ${text} is not a whole number of ${unit} from ${least} to ${most}`);
  return least;
}
