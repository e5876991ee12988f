import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { onLauncherGone } from './launchers.ts';

/** Isolation is how namespaces are created: by root, or by a user who becomes root inside. */
export type Isolation = 'root' | 'user';

/** Network is the network of a world: a separate namespace, or the network of the machine. */
export type Network = 'own' | 'machine';

/** IsolatedRun is the command to run in new namespaces. */
export interface IsolatedRun {
  readonly isolation: Isolation;
  readonly network: Network;
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** IsolatedEnd is the result of an isolated run. */
export interface IsolatedEnd {
  /** The exit code of the command, or 128 + n after signal n. */
  readonly code: number;
  /** The signal that requested the end, if any. */
  readonly stoppedBy: NodeJS.Signals | undefined;
}

/** Sent to the command over its IPC channel to end it within {@link GRACE_MS}. */
export interface StopMessage {
  readonly stop: NodeJS.Signals;
}

/** Grace period of the command before its namespaces are torn down. */
const GRACE_MS = 8000;

/** Terminal, npm and the end of the session may each deliver the same Ctrl-C. */
const SAME_SIGNAL_MS = 1000;

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs as PID 1 of the new PID namespace, which makes it the one that reaps orphans: a shell that
 * waits for its command collects every child. `ip netns add` keeps its names in a folder of this
 * mount namespace only, so that two worlds can use the same ones. The last line keeps the shell
 * from replacing itself by the command.
 */
const FIRST_PROCESS = `
mkdir -p /run/netns 2>/dev/null || mount -t tmpfs -o mode=0755 world /run || exit 3
mkdir -p /run/netns && mount -t tmpfs -o mode=0755 world /run/netns && ip link set lo up || exit 3
"$@"
exit $?`;

/** The command line that makes the namespaces and dies with its parent, and all in them with it. */
export function isolatedCommand(
  { isolation, network }: Pick<IsolatedRun, 'isolation' | 'network'>,
  command: readonly string[],
): string[] {
  const user = isolation === 'user' ? ['--user', '--map-root-user'] : [];
  const net = network === 'own' ? ['--net'] : [];
  const namespaces = ['--mount', ...net, '--pid', '--fork', '--kill-child', '--mount-proc'];
  return ['setpriv', '--pdeathsig', 'KILL', 'unshare', ...user, ...namespaces, ...command];
}

/**
 * Finds out which kind of isolation the kernel allows. If none, the error says what to do.
 */
export function findIsolation(uid: number, network: Network): Isolation {
  const candidates: Isolation[] = uid === 0 ? ['root', 'user'] : ['user'];
  const refusals: string[] = [];
  for (const isolation of candidates) {
    const [command = '', ...args] = isolatedCommand({ isolation, network }, [
      'sh',
      '-c',
      FIRST_PROCESS,
      'sh',
      'true',
    ]);
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status === 0) return isolation;
    refusals.push(stderr.trim().split('\n').at(-1) ?? '');
  }
  throw new Error(isolationRefused(uid, refusals));
}

/** The error for a kernel or container that allows no new namespaces. */
export function isolationRefused(uid: number, refusals: readonly string[]): string {
  const said = refusals.filter((refusal) => refusal !== '').join('; ');
  const cure =
    uid === 0
      ? 'this container is not allowed to create namespaces: start it with --privileged'
      : 'run it as root (sudo), or allow user namespaces: ' +
        'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), ' +
        'sysctl -w kernel.unprivileged_userns_clone=1 (Debian), and not inside a container';
  return `cannot create the namespaces of a world (${said}): ${cure}`;
}

/**
 * Runs a Node command in new mount and PID namespaces, and in a new network namespace unless it shares the
 * network of the machine, with this terminal, and waits for its end. When this process dies for any reason,
 * the kernel kills everything inside. A signal is passed on as a {@link StopMessage}; a second signal, the
 * end of the grace period, or the end of the npm that started this process kills everything.
 */
export async function runIsolated(run: IsolatedRun): Promise<IsolatedEnd> {
  const inside = ['sh', '-c', FIRST_PROCESS, 'sh', ...run.command];
  const [command = '', ...args] = isolatedCommand(run, inside);
  const child = spawn(command, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: run.env,
  });
  const stopping = stopOnSignals(child);
  try {
    return { code: await exitCode(child), stoppedBy: stopping.signal() };
  } finally {
    stopping.end();
  }
}

/** The handlers stay: a signal that comes while the caller cleans up must not end it. */
function stopOnSignals(child: ChildProcess): {
  readonly signal: () => NodeJS.Signals | undefined;
  readonly end: () => void;
} {
  let first: NodeJS.Signals | undefined;
  let firstAt = 0;
  let timer: NodeJS.Timeout | undefined;
  function stop(signal: NodeJS.Signals): void {
    if (first !== undefined) {
      if (performance.now() - firstAt > SAME_SIGNAL_MS) killNamespace(child);
      return;
    }
    first = signal;
    firstAt = performance.now();
    const message: StopMessage = { stop: signal };
    if (child.connected) child.send(message, () => undefined); // it may just have ended
    timer = setTimeout(() => killNamespace(child), GRACE_MS);
  }
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  const endWatch = onLauncherGone(() => {
    if (first !== undefined) return; // what ended them has reached us too
    first = 'SIGHUP';
    killNamespace(child);
  });
  return {
    signal: () => first,
    end() {
      clearTimeout(timer);
      endWatch();
    },
  };
}

/**
 * Kills PID 1 inside rather than `unshare`, which then waits until the kernel has ended all the
 * others, so that nothing is left when this process goes on.
 */
function killNamespace(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null) return;
  try {
    const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    process.kill(Number(first), 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // no such file, or no PID 1 yet
  }
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
