import { readFileSync } from 'node:fs';

/** Poll interval for launchers; a world may outlive them by this time. */
const INTERVAL_MS = 300;

/** Whether a command line (arguments parted by spaces) is one that leads to us by `npm run`. */
export function isLauncher(line: string): boolean {
  return line.startsWith('npm ') || /(^|[\s/])hack\/run\.mjs(\s|$)/.test(line);
}

/**
 * Calls back once when one of the processes that launched this one (npm, its shell, hack/run.mjs) is
 * gone: a user who kills `npm run demo` wants to end the demo, but child processes are not notified and the
 * processes in between only wait. Other parents, such as a shell, may exit. Returns a function that ends the watch.
 */
export function onLauncherGone(callback: () => void): () => void {
  const pids = launchersAbove(process.ppid);
  const timer = setInterval(() => {
    if (pids.every(isAlive)) return;
    clearInterval(timer);
    callback();
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function launchersAbove(pid: number): number[] {
  const found: number[] = [];
  for (let next = pid; next > 1 && isLauncher(commandLine(next)); next = parentOf(next)) {
    found.push(next);
  }
  return found;
}

function commandLine(pid: number): string {
  return readProc(pid, 'cmdline').replaceAll('\0', ' ');
}

/** State and parent follow the name, which is in parentheses and may hold any character. */
function statusOf(pid: number): readonly string[] {
  const text = readProc(pid, 'stat');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function parentOf(pid: number): number {
  return Number(statusOf(pid)[1] ?? 0);
}

/** A zombie counts as dead. */
function isAlive(pid: number): boolean {
  const [state = ''] = statusOf(pid);
  return state !== '' && state !== 'Z';
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
