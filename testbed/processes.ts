import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@managed-cluster/toolchain';
import { inNamespace } from './network/network.ts';

/** ProcessSpec is how a process of the world is started. */
export interface ProcessSpec {
  /** Unique in the world, such as `m-etcd`; the log file has it too. */
  readonly name: string;
  readonly command: readonly string[];
  /** Network namespace; the driver's own when absent. */
  readonly namespace?: string;
  /** Added to PATH and HOME, which is all that a process inherits. */
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** True when the process can be used. It is polled; errors mean not yet. */
  readonly ready?: () => Promise<boolean>;
  /** The process is expected to finish; its end is not a failure. */
  readonly oneShot?: boolean;
  /** Why it can never become ready, such as the end of a dependency. */
  readonly hopeless?: () => Error | undefined;
  /** Timeout of `ready`; 60 s by default. */
  readonly readyTimeoutMs?: number;
}

/** Exit is how a process ended: with a code or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** ManagedProcess is a long-running program of the world that tests start, kill and restart. */
export interface ManagedProcess {
  readonly name: string;
  readonly logFile: string;
  /** The process id inside the world, undefined while it does not run. */
  pid(): number | undefined;
  /** Starts it and waits until it is ready; no effect on a running process. */
  start(): Promise<void>;
  /** SIGTERM, and SIGKILL after the grace period (10 s by default). Resolves when it has exited. */
  stop(graceMs?: number): Promise<void>;
  /** Sends a signal without waiting; SIGKILL simulates a crash. */
  kill(signal: NodeJS.Signals): void;
  /** Stops (by default) or kills it, then starts it again. */
  restart(how?: 'stop' | 'kill'): Promise<void>;
  /** How the running process ends, or how the last one ended. */
  exited(): Promise<Exit>;
  /** An error with the end of the log when it has exited unexpectedly, else undefined. */
  failure(): Error | undefined;
}

interface Run {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  /** Set once it has ended. */
  exit: Exit | undefined;
  /** The world requested its end. */
  expected: boolean;
}

const LOG_LINES = 20;

/** Maximum number of characters per line in an error; the file has the full lines. */
const LINE_LENGTH = 300;

/** Makes a process that is not started yet. */
export function managedProcess(spec: ProcessSpec): ManagedProcess {
  let run: Run | undefined;
  function running(): Run | undefined {
    return run?.exit === undefined ? run : undefined;
  }

  const self: ManagedProcess = {
    name: spec.name,
    logFile: spec.logFile,
    pid: () => running()?.child.pid,
    async start() {
      if (running() !== undefined) return;
      run = spawnRun(spec);
      await awaitReady(spec, self);
    },
    async stop(graceMs = 10_000) {
      const current = running();
      if (current === undefined) return;
      self.kill('SIGTERM');
      const abort = new AbortController();
      const grace = sleep(graceMs, undefined, { signal: abort.signal }).catch(() => undefined);
      await Promise.race([current.exited, grace]);
      abort.abort();
      self.kill('SIGKILL');
      await current.exited;
    },
    kill(signal) {
      const current = running();
      if (current === undefined) return;
      current.expected = true;
      current.child.kill(signal);
    },
    async restart(how = 'stop') {
      if (how === 'kill') {
        self.kill('SIGKILL');
        await running()?.exited;
      } else await self.stop();
      await self.start();
    },
    exited() {
      if (run === undefined) throw new Error(`${spec.name} was never started`);
      return run.exited;
    },
    failure: () => (run === undefined ? undefined : unexpectedEnd(spec, run)),
  };
  return self;
}

async function awaitReady(spec: ProcessSpec, self: ManagedProcess): Promise<void> {
  await waitFor({
    what: `${spec.name} to be ready`,
    timeoutMs: spec.readyTimeoutMs ?? 60_000,
    look: async () => ((await spec.ready?.()) === false ? undefined : true),
    hopeless: () => self.failure() ?? spec.hopeless?.(),
    hint: `its log is ${spec.logFile}`,
  });
}

/**
 * Detached, so that a Ctrl-C in the terminal reaches only the program that manages the world; the
 * end of its PID namespace ends this one too.
 */
function spawnRun(spec: ProcessSpec): Run {
  const [command = '', ...args] = inNamespace(spec.namespace, spec.command);
  const log = openSync(spec.logFile, 'a');
  const { PATH = '', HOME = '/' } = process.env;
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH, HOME, ...spec.env },
  });
  closeSync(log);
  const run: Run = {
    child,
    exit: undefined,
    expected: false,
    exited: new Promise((resolve) => {
      function end(exit: Exit): void {
        run.exit = exit;
        resolve(exit);
      }
      child.once('error', () => end({ code: 127, signal: null }));
      child.once('exit', (code, signal) => end({ code, signal }));
    }),
  };
  return run;
}

function unexpectedEnd(spec: ProcessSpec, run: Run): Error | undefined {
  if (run.exit === undefined || run.expected || spec.oneShot === true) return undefined;
  const how = run.exit.signal ?? `exit code ${run.exit.code}`;
  return new Error(
    `${spec.name} exited unexpectedly (${how}); the end of ${spec.logFile}:\n${logTail(spec.logFile)}`,
  );
}

/** The last lines of a log file, indented. */
function logTail(file: string): string {
  if (!existsSync(file)) return '  (no log)';
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_LINES);
  return lines.map((line) => `  ${line.slice(0, LINE_LENGTH)}`).join('\n');
}
