import { constants } from 'node:os';
import { ensureBinaries } from '@managed-cluster/toolchain';
import type { Command, Survey } from './command.ts';
import { crossplaneFiles } from './crossplane/chart.ts';
import { withWorldEnvironment, worldEnvironment, type WorldEnvironment } from './environment.ts';
import {
  findIsolation,
  runIsolated,
  type IsolatedEnd,
  type Network,
  type StopMessage,
} from './isolation/isolation.ts';
import { renderProviders } from './providers/render.ts';
import {
  machineFacts,
  missingPreconditions,
  NOTHING_MORE,
  pathWithSystemCommands,
} from './isolation/preconditions.ts';
import {
  createWorldFolder,
  disposeWorldFolder,
  logFolder,
  type Disposal,
} from './isolation/world-folder.ts';

/** Exit code for missing preconditions or an invalid command line. */
const CANNOT_START = 2;

/** Grace period of a command after a signal. */
const GRACE_MS = 5000;

const KEEP = '--keep';

/** For a gate that measures what comes after, and for a machine that will have no network. */
const PREPARE = '--prepare';

/** Chooses the command; it itself need not know. */
const REAL = '--real';

/** CommandLine is the set of commands. */
export interface CommandLine {
  /** Subcommands by name. */
  readonly commands: Readonly<Record<string, Command>>;
  /** Those that `--real` plays with real nodes. */
  readonly withRealNodes: Readonly<Record<string, Command>>;
}

/** Call is one command with its arguments. */
interface Call {
  readonly command: Command;
  readonly args: readonly string[];
}

/**
 * runCommandLine runs the subcommand that the arguments name, and resolves with its exit code. The program
 * that calls it is started once more in the namespaces of the world, with the same arguments.
 */
export async function runCommandLine(
  line: CommandLine,
  [name = '', ...args]: readonly string[],
): Promise<number> {
  const known = args.includes(REAL) ? line.withRealNodes : line.commands;
  const command = known[name];
  if (command === undefined) return usage(line);
  const environment = worldEnvironment();
  const call = { command, args };
  return environment === undefined ? runOutside(call) : runInside(call, environment);
}

function usage({ commands }: CommandLine): number {
  const lines = Object.entries(commands).map(
    ([known, { summary }]) => `  ${known.padEnd(12)} ${summary}`,
  );
  console.error(
    `usage: npm run world -- <command> [${KEEP}] [${PREPARE}] [flags]\n${lines.join('\n')}`,
  );
  console.error(`  ${KEEP}       keep the whole folder of the world; a demo also keeps running`);
  return CANNOT_START;
}

/** In the namespaces: the command itself. */
async function runInside({ command, args }: Call, environment: WorldEnvironment): Promise<number> {
  const stop = new AbortController();
  const ended = new Promise<number>((resolve) => {
    stop.signal.addEventListener('abort', () => setTimeout(() => resolve(1), GRACE_MS));
  });
  process.on('message', ({ stop: signal }: StopMessage) => stop.abort(signal));
  // The outer process passes signals on; the terminal sends SIGINT to both processes.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
  const context = {
    args: args.filter((arg) => arg !== KEEP && arg !== REAL),
    keep: args.includes(KEEP),
    environment,
    signal: stop.signal,
  };
  try {
    return await Promise.race([command.run(context), ended]);
  } catch (error) {
    if (!stop.signal.aborted) console.error(describe(error));
    return 1;
  }
}

/** On the host: what needs the network, then the namespaces, and the folder at the end. */
async function runOutside(call: Call): Promise<number> {
  const { command, args } = call;
  process.env['PATH'] = pathWithSystemCommands(process.env['PATH'] ?? '');
  const survey = (await command.survey?.()) ?? { needs: NOTHING_MORE };
  const missing = missingPreconditions(machineFacts(survey.needs), survey.needs);
  for (const problem of missing) console.error(problem);
  if (missing.length > 0) return CANNOT_START;
  const folder = createWorldFolder();
  try {
    const end = await isolated(call, folder, survey);
    const good = end.code === 0 || end.stoppedBy !== undefined;
    dispose(folder, args, good ? 'remove' : 'keep-logs');
    return end.stoppedBy === undefined ? end.code : 128 + constants.signals[end.stoppedBy];
  } catch (error) {
    console.error(describe(error));
    dispose(folder, args, 'remove');
    return CANNOT_START;
  }
}

async function isolated(
  { command, args }: Call,
  folder: string,
  survey: Survey,
): Promise<IsolatedEnd> {
  const { engine } = survey;
  const network: Network = engine === undefined ? 'own' : 'machine';
  const isolation = findIsolation(process.getuid?.() ?? 0, network);
  const binaries = await ensureBinaries(command.binaries, { progress: console.log });
  const crossplane = await crossplaneFiles();
  // What is rendered is cached; rendering may download Cluster API's modules.
  if ('kubectl' in binaries) await renderProviders({ kubectl: binaries.kubectl });
  await command.prepare?.(binaries);
  if (args.includes(PREPARE)) return { code: 0, stoppedBy: undefined };
  function run(): Promise<IsolatedEnd> {
    return runIsolated({
      isolation,
      network,
      command: [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
      env: withWorldEnvironment({
        folder,
        isolation,
        launcher: process.pid,
        binaries,
        crossplane,
        ...(engine === undefined ? {} : { engine }),
      }),
    });
  }
  return command.surround === undefined ? run() : command.surround(run, survey);
}

function dispose(folder: string, args: readonly string[], disposal: Disposal): void {
  const wanted = args.includes(KEEP) ? 'keep-all' : disposal;
  disposeWorldFolder(folder, wanted);
  if (wanted !== 'remove') console.error(`logs are in ${logFolder(folder)}`);
}

/** The error and its causes, one per line, without repetitions. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  const deeper = cause === undefined ? '' : describe(cause);
  return deeper === '' || message.includes(deeper) ? message : `${message}\n  because: ${deeper}`;
}
