import { setMaxListeners } from 'node:events';
import type { DestinationStream } from 'pino';
import { messageOf } from '../errors.ts';
import { createLogger, type Logger } from '../log.ts';
import { type Flags, helpText, wantsHelp } from './flags.ts';
import { productVersion } from './product-files.ts';

/** Signals is the little of `process` that tells a program to stop. */
export interface Signals {
  once(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
}

/** Environment is the variables that a program is started with. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** ProgramWorld is all that `process` would give. */
export interface ProgramWorld {
  /** Without node and script. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly signals: Signals;
  readonly stdout: DestinationStream;
  readonly stderr: DestinationStream;
}

/** RunContext is what a program has while it runs. */
export interface RunContext {
  readonly log: Logger;
  /** Fires at the first SIGTERM or SIGINT: end gracefully. */
  readonly signal: AbortSignal;
}

/** Program is a process that runs until a signal. */
export interface Program<Options extends { readonly debug: boolean }> {
  readonly name: string;
  /** One sentence, for `--help`. */
  readonly about: string;
  readonly flags: Flags;
  /** @throws TerminalError naming every mistake at once, one a line. */
  readonly optionsFrom: (argv: readonly string[], env: Environment) => Options;
  /** Resolves when it has ended as the signal asked; what it throws ends the process at once. */
  readonly run: (options: Options, context: RunContext) => Promise<void>;
}

/** Every program tells its version, which is that of its image. */
const VERSION: Flags = { version: { text: 'print the version of the product' } };

/** ExitCode: 0 ended as asked, 1 failed or was told twice, 2 was called in a wrong way. */
export type ExitCode = 0 | 1 | 2;

/**
 * Runs a program until a signal, then lets it end gracefully; a second signal ends it at once.
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
  // Each watch listens to it; Node warns of more than ten as of a leak.
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
