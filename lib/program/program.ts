import { setMaxListeners } from 'node:events';
import type { DestinationStream } from 'pino';
import { messageOf } from '../errors.ts';
import { createLogger, type Logger } from '../log.ts';
import { type Flags, helpText, wantsHelp } from './flags.ts';
import { productVersion } from './product-files.ts';

/** Signals is the part of `process` that delivers signals. */
export interface Signals {
  once(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
}

/** Environment contains the environment variables of a program. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** ProgramWorld is the part of `process` that a program uses. */
export interface ProgramWorld {
  /** Without node and script. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly signals: Signals;
  readonly stdout: DestinationStream;
  readonly stderr: DestinationStream;
}

/** RunContext is available to a program while it runs. */
export interface RunContext {
  readonly log: Logger;
  /** Fires at the first SIGTERM or SIGINT: shut down gracefully. */
  readonly signal: AbortSignal;
}

/** Program is a process that runs until a signal. */
export interface Program<Options extends { readonly debug: boolean }> {
  readonly name: string;
  /** One sentence for `--help`. */
  readonly about: string;
  readonly flags: Flags;
  /** @throws TerminalError with all mistakes, one per line. */
  readonly optionsFrom: (argv: readonly string[], env: Environment) => Options;
  /** Resolves when it has shut down after the signal; an exception ends the process immediately. */
  readonly run: (options: Options, context: RunContext) => Promise<void>;
}

/** Every program prints its version, which is that of its image. */
const VERSION: Flags = { version: { text: 'print the version of the product' } };

/** ExitCode is 0 after a graceful shutdown, 1 after a failure or a second signal, 2 for invalid usage. */
export type ExitCode = 0 | 1 | 2;

/**
 * Runs a program until a signal, then lets it shut down gracefully; a second signal ends it immediately.
 * Resolves to the exit code and never throws.
 */
export async function runProgram<Options extends { readonly debug: boolean }>(
  program: Program<Options>,
  world: ProgramWorld,
): Promise<ExitCode> {
  const { name, about, flags, optionsFrom } = program;
  if (wantsHelp(world.argv)) {
    world.stdout.write(`${helpText(name, about, { ...flags, ...VERSION })}\n`);
    return 0;
  }
  if (world.argv.includes('--version')) {
    world.stdout.write(`${productVersion()}\n`);
    return 0;
  }
  let options: Options;
  try {
    options = optionsFrom(world.argv, world.env);
  } catch (error) {
    world.stderr.write(`${name}: cannot start\n${messageOf(error)}\n`);
    return 2;
  }
  return runUntilTold(program, options, world);
}

async function runUntilTold<Options extends { readonly debug: boolean }>(
  { run }: Program<Options>,
  options: Options,
  { signals, stdout }: ProgramWorld,
): Promise<ExitCode> {
  const log = createLogger(options.debug ? 'debug' : 'info', stdout);
  const end = new AbortController();
  // Each watch listens to this signal; Node warns about more than ten listeners as a possible leak.
  setMaxListeners(0, end.signal);
  try {
    const toldTwice = nextOf(signals).then(() => {
      end.abort(new Error('stopped by a signal'));
      return nextOf(signals);
    });
    const how = await Promise.race([run(options, { log, signal: end.signal }), toldTwice]);
    return how === 'signal' ? 1 : 0;
  } catch (error) {
    log.error({ error: messageOf(error) }, 'cannot continue');
    return 1;
  }
}

function nextOf(signals: Signals): Promise<'signal'> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) signals.once(name, () => resolve('signal'));
  });
}
