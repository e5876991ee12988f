import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { otherSide, type Side } from '../oracle/audit-event.ts';
import { binary } from '../world/world-context.ts';
import type { Arena } from './arena.ts';
import type { Subject } from './subject.ts';

/** Move is a running `clusterctl move`. */
export interface Move {
  /** SIGKILL. */
  kill(): Promise<void>;
  readonly ended: Promise<MoveEnd>;
}

/** MoveEnd is how it ended. */
export interface MoveEnd {
  /** Null when it was killed. */
  readonly code: number | null;
  /** What it said last. */
  readonly lastLine: string;
  readonly seconds: number;
}

/** startMove runs the real `clusterctl move` of a subject's namespace through the fault proxies. */
export function startMove(arena: Arena, { name }: Subject, from: Side): Move {
  const { context } = arena.world;
  const home = join(context.folder, 'clusterctl');
  mkdirSync(home, { recursive: true });
  const [source, target] = [from, otherSide(from)].map((side) => {
    const file = join(home, `${side}.kubeconfig`);
    writeFileSync(file, arena.proxies[side].kubeconfig(), { mode: 0o600 });
    return file;
  });
  const begin = performance.now();
  const child = spawn(
    binary(context, 'clusterctl'),
    ['move', '-n', name, `--kubeconfig=${source}`, `--to-kubeconfig=${target}`],
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
