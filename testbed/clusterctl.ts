import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { binary, type WorldContext } from './world-context.ts';

/** MoveRequest is the input of a `clusterctl move`. */
export interface MoveRequest {
  /** All clusters of this namespace. */
  readonly namespace: string;
  /** Files with the kubeconfigs of both sides. */
  readonly from: string;
  readonly to: string;
}

/** Move is a running `clusterctl move`. */
export interface Move {
  /** SIGKILL. */
  kill(): Promise<void>;
  readonly ended: Promise<MoveEnd>;
}

/** MoveEnd is the result of a move. */
export interface MoveEnd {
  /** Null when it was killed. */
  readonly code: number | null;
  /** The end of its output. */
  readonly lastLine: string;
  readonly seconds: number;
}

/** clusterctlHome is the settings folder of clusterctl in a world. */
export function clusterctlHome({ folder }: Pick<WorldContext, 'folder'>): string {
  const home = join(folder, 'clusterctl');
  mkdirSync(home, { recursive: true });
  return home;
}

/** startClusterctlMove runs the real `clusterctl move`. */
export function startClusterctlMove(
  context: WorldContext,
  { namespace, from, to }: MoveRequest,
): Move {
  const home = clusterctlHome(context);
  const begin = performance.now();
  const child = spawn(
    binary(context, 'clusterctl'),
    ['move', '-n', namespace, `--kubeconfig=${from}`, `--to-kubeconfig=${to}`],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Offline it would look for a newer version of itself for a minute (facts/e2e.md 7).
      env: { PATH: process.env['PATH'], HOME: home, CLUSTERCTL_DISABLE_VERSIONCHECK: 'true' },
    },
  );
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => lines.push(...text.split('\n').filter(Boolean)));
  }
  const exited = once(child, 'close') as Promise<[number | null]>;
  return {
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    ended: exited.then(([code]) => ({
      code,
      lastLine: lines.at(-1) ?? '',
      seconds: (performance.now() - begin) / 1000,
    })),
  };
}
