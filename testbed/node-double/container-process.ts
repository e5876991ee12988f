import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { commandOf, type Launch } from './launch.ts';

/** ContainerProcess is a container that was started. */
export interface ContainerProcess {
  readonly startedAt: Date;
  /** Its exit code as in a shell: 128 + n after signal n. Never fails. */
  readonly exited: Promise<number>;
  /** Sends a signal to process 1 of the container. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** Starts a container; its output is appended to the log file. */
export function startContainer(
  launch: Launch,
  env: Readonly<Record<string, string>>,
  logFile: string,
): ContainerProcess {
  rmSync(launch.root, { recursive: true, force: true });
  mkdirSync(launch.root, { recursive: true });
  const [command = '', ...args] = commandOf(launch);
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, { env: { ...env }, stdio: ['ignore', log, log] });
  closeSync(log);
  const exited = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
    child.once('error', () => resolve(127));
  });
  return { startedAt: new Date(), exited, signal: (name) => signalTo(child, name) };
}

function signalNumber(name: NodeJS.Signals | null): number {
  return name === null ? 0 : constants.signals[name];
}

/** Process 1 of the container is the only child of `unshare`, which is the child of the double. */
function signalTo(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    const text = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    const pids = text.trim().split(/\s+/).filter(Boolean).map(Number);
    for (const pid of pids) process.kill(pid, name);
    if (pids.length > 0) return;
  } catch {
    // It ended between the look and the kill, or never got so far: then its parent is what is left.
  }
  child.kill('SIGKILL');
}
