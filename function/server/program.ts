import type { DestinationStream } from 'pino';
import { messageOf } from '../../lib/errors.ts';
import { createLogger } from '../../lib/log.ts';
import type { Run } from './answer.ts';
import { helpText, optionsFrom, wantsHelp } from './options.ts';
import type { Options } from './options.ts';
import { serve } from './serve.ts';

/** Signals is the little of `process` that tells a program to stop. */
export interface Signals {
  once(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
}

/** ProgramDeps is the world around the program: all that `process` would give. */
export interface ProgramDeps {
  readonly name: string;
  readonly run: Run;
  /** Without node and script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signals: Signals;
  readonly stdout: DestinationStream;
  readonly stderr: DestinationStream;
}

/** ExitCode: 0 ended as asked, 1 failed or was told twice, 2 was called in a wrong way. */
export type ExitCode = 0 | 1 | 2;

/**
 * Runs the function's server until a signal, then ends it gracefully; a second signal ends it at once.
 * Resolves to the exit code and never throws.
 */
export async function runProgram(deps: ProgramDeps): Promise<ExitCode> {
  const { name, argv, env, stdout, stderr } = deps;
  if (wantsHelp(argv)) {
    stdout.write(`${helpText(name)}\n`);
    return 0;
  }
  let options: Options;
  try {
    options = optionsFrom(argv, env);
  } catch (error) {
    stderr.write(`${name}: cannot start\n${messageOf(error)}\n`);
    return 2;
  }
  return serveUntilTold(options, deps);
}

async function serveUntilTold(options: Options, deps: ProgramDeps): Promise<ExitCode> {
  const { run, signals, stdout } = deps;
  const log = createLogger(options.debug ? 'debug' : 'info', stdout);
  const firstSignal = nextOf(signals);
  try {
    const server = await serve({ run, options, log });
    await firstSignal;
    const end = await Promise.race([server.stop(), nextOf(signals)]);
    return end === 'signal' ? 1 : 0;
  } catch (error) {
    log.error({ error: messageOf(error) }, 'cannot serve');
    return 1;
  }
}

function nextOf(signals: Signals): Promise<'signal'> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) signals.once(name, () => resolve('signal'));
  });
}
