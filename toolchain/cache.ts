import { createHash, randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** Number of old entries to keep per name, for other branches. */
const KEPT = 2;

/**
 * The cache folder that all checkouts share: `$MANAGED_CLUSTER_CACHE`, else `managed-cluster` in the user's
 * cache folder (XDG Base Directory Specification).
 */
export function cacheRoot(env: Readonly<NodeJS.ProcessEnv> = process.env): string {
  const own = env['MANAGED_CLUSTER_CACHE'] ?? '';
  if (own !== '') {
    if (isAbsolute(own)) return own;
    throw new Error(`MANAGED_CLUSTER_CACHE must be an absolute path, not ${own}`);
  }
  const xdg = env['XDG_CACHE_HOME'] ?? '';
  return join(isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'managed-cluster');
}

/** Hash of the parts, as sixteen hexadecimal digits. */
export function cacheKey(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** A unique temporary name next to the file, to be renamed to the file. */
export function temporaryName(file: string): string {
  return `${file}.${randomUUID()}.tmp`;
}

/** Writes a file atomically. */
export function writeWhole(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = temporaryName(file);
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}

/** Marks an entry as used now, so that it is not removed; false when it does not exist. */
export function touch(file: string): boolean {
  try {
    const now = new Date();
    utimesSync(file, now, now);
    return true;
  } catch {
    return false;
  }
}

/** Removes all but the most recently used entries `<name>-<key><suffix>` of a folder. */
export function prune(folder: string, name: string, suffix = ''): void {
  const mine = readdirSync(folder)
    .filter((entry) => entry.startsWith(`${name}-`) && entry.endsWith(suffix))
    .filter((entry) =>
      /^[0-9a-f]{16}$/.test(entry.slice(name.length + 1, entry.length - suffix.length)),
    )
    .map((entry) => join(folder, entry))
    .map((file) => ({ file, usedAt: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .toSorted((a, b) => b.usedAt - a.usedAt);
  for (const { file } of mine.slice(KEPT)) rmSync(file, { force: true });
}

/** Removes the files of interrupted builds in a folder. The caller must hold the lock of the folder. */
export function removeLeftovers(folder: string): void {
  for (const entry of readdirSync(folder).filter((name) => name.endsWith('.tmp'))) {
    rmSync(join(folder, entry), { force: true });
  }
}
