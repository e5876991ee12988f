import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What happens to the folder of a world after its end. */
export type Disposal = 'remove' | 'keep-logs' | 'keep-all';

const PREFIX = 'managed-cluster-world-';
const OWNER = 'owner';
const LOGS = 'logs';

/**
 * Makes the folder of a world, which belongs to the calling process, and removes the folders of
 * worlds whose owner was killed before it could.
 */
export function createWorldFolder(parent: string = tmpdir()): string {
  sweep(parent);
  const folder = join(parent, `${PREFIX}${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, LOGS), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, OWNER), ownerText(process.pid));
  return folder;
}

/** Removes the folder, or everything but its logs; a kept folder has no owner and is not swept. */
export function disposeWorldFolder(folder: string, disposal: Disposal): void {
  if (disposal === 'remove') {
    rmSync(folder, { recursive: true, force: true });
    return;
  }
  for (const name of readdirSync(folder)) {
    if (name === OWNER || (disposal === 'keep-logs' && name !== LOGS)) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}

/** Folder of the logs in a world's folder. */
export function logFolder(folder: string): string {
  return join(folder, LOGS);
}

function sweep(parent: string): void {
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(PREFIX))) {
    if (ownerIsGone(join(parent, name), Number(name.slice(PREFIX.length)))) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}

/** Process ids are valid only in their PID namespace. */
function ownerText(pid: number): string {
  const namespace = existsSync('/proc/self/ns/pid') ? readlinkSync('/proc/self/ns/pid') : 'only';
  return `${pid} ${namespace}`;
}

function ownerIsGone(folder: string, pid: number): boolean {
  try {
    if (readFileSync(join(folder, OWNER), 'utf8') !== ownerText(pid)) return false;
  } catch {
    return false; // kept on purpose, or another user's
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
