import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { waitFor } from './wait.ts';

const HEARTBEAT_MS = 5_000;

/** A lock without a heartbeat for this long is free. */
const STALE_MS = 30_000;

/** Longer than any build takes. */
const PATIENCE_MS = 3 * 3600 * 1000;

/** Owner is the holder of a lock. Its process id is valid only in its PID namespace. */
interface Owner {
  readonly pid: number;
  readonly pidNamespace: string;
  readonly token: string;
}

/**
 * Runs the work while holding a lock between processes: a folder, because `mkdir` is atomic. The lock of a
 * killed holder is taken over: immediately when its process can be looked up, else after 30 s without a
 * heartbeat. Two processes that take over at the same time may both get the lock, so the work must be
 * idempotent; the lock only saves time.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: (holder: string) => void = () => undefined,
): Promise<T> {
  const owner = { pid: process.pid, pidNamespace: pidNamespace(), token: randomUUID() };
  await acquire(path, owner, onWait);
  const heartbeat = setInterval(() => beat(path), HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if (ownerOf(path)?.token === owner.token) rmSync(path, { recursive: true, force: true });
  }
}

async function acquire(
  path: string,
  owner: Owner,
  onWait: (holder: string) => void,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  await waitFor({
    what: `the lock ${path}`,
    timeoutMs: PATIENCE_MS,
    intervalMs: 200,
    look() {
      if (tryToTake(path, owner)) return true;
      if (!told) onWait(`process ${ownerOf(path)?.pid ?? 'unknown'}`);
      told = true;
      return undefined;
    },
  });
}

function tryToTake(path: string, owner: Owner): boolean {
  if (isStale(path)) takeAway(path);
  try {
    mkdirSync(path);
  } catch {
    return false;
  }
  writeFileSync(join(path, 'owner'), JSON.stringify(owner));
  return true;
}

function takeAway(path: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // another process was faster
  }
  rmSync(aside, { recursive: true, force: true });
}

function isStale(path: string): boolean {
  const lastBeat = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (lastBeat === undefined) return false;
  const owner = ownerOf(path);
  const isGone =
    owner !== undefined && owner.pidNamespace === pidNamespace() && !isAlive(owner.pid);
  return isGone || Date.now() - lastBeat > STALE_MS;
}

function ownerOf(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(path, 'owner'), 'utf8')) as Owner;
  } catch {
    return undefined; // not written yet, or removed
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function pidNamespace(): string {
  const link = '/proc/self/ns/pid';
  return existsSync(link) ? readlinkSync(link) : 'only';
}

function beat(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Taken over while this process was stopped; the work is idempotent.
  }
}
