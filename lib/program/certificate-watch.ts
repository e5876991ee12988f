import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import { checkCertificates, readCertificateFiles } from './certificates.ts';
import type { CertificateFiles, Certificates } from './certificates.ts';

/** CertificateWatchDeps are the dependencies of a watch. */
export interface CertificateWatchDeps {
  readonly dir: string;
  readonly log: Logger;
  /** Called with each new valid set of certificates. */
  readonly onChange: (certificates: Certificates) => void;
  /** Interval in milliseconds between two reads of the files; default 30 s. */
  readonly pollMs?: number;
}

/** CertificateWatch watches a directory of certificates. */
export interface CertificateWatch {
  stop(): void;
}

const POLL_MS = 30_000;
/** The files of a rotation are written one after the other; wait until all are written. */
const SETTLE_MS = 100;

/**
 * Calls `onChange` when the files in `dir` are replaced by valid ones. Invalid files are logged once, and
 * the current set stays in use. The directory is watched, because the kubelet swaps a symbolic link in it,
 * which a watch on the files would miss. Some file systems lose such events, so every poll also compares the
 * content.
 *
 * @param inUse the current set, with which the server was started
 */
export function watchCertificates(
  inUse: CertificateFiles,
  { dir, log, onChange, pollMs = POLL_MS }: CertificateWatchDeps,
): CertificateWatch {
  let seen = fingerprintOf(inUse);
  let stopped = false;
  let last = Promise.resolve();

  async function look(): Promise<void> {
    const { fingerprint, take } = await lookAt(dir);
    if (stopped || fingerprint === seen) return;
    seen = fingerprint;
    try {
      const certificates = take();
      onChange(certificates);
      const { notAfter, authorities } = certificates;
      log.info({ notAfter, authorities: authorities.length }, 'certificates reloaded');
    } catch (error) {
      log.error(
        { error: messageOf(error) },
        'the new certificates are invalid; the old ones stay in use',
      );
    }
  }

  /** One read at a time, so that an older read never overtakes a newer one. */
  function lookNext(): void {
    last = last.then(look);
  }

  const poll = setInterval(lookNext, pollMs).unref();
  let settling: NodeJS.Timeout | undefined;
  const watcher = watchDirectory(dir, log, () => {
    clearTimeout(settling);
    settling = setTimeout(lookNext, SETTLE_MS).unref();
  });
  return {
    stop(): void {
      stopped = true;
      clearInterval(poll);
      clearTimeout(settling);
      watcher?.close();
    },
  };
}

/** The fingerprint of the files in the directory, and a function that validates them; it throws if they are invalid. */
async function lookAt(dir: string): Promise<{ fingerprint: string; take: () => Certificates }> {
  try {
    const files = await readCertificateFiles(dir);
    return { fingerprint: fingerprintOf(files), take: () => checkCertificates(files) };
  } catch (error) {
    return { fingerprint: messageOf(error), take: () => rethrow(error) };
  }
}

function rethrow(error: unknown): never {
  throw error;
}

function fingerprintOf({ cert, key, ca }: CertificateFiles): string {
  const parts = [cert, key, ca].map((file) => createHash('sha256').update(file).digest('hex'));
  return parts.join(' ');
}

/** The watch can fail (no inotify instances left, directory replaced); then only the poll detects changes. */
function watchDirectory(dir: string, log: Logger, onEvent: () => void): FSWatcher | undefined {
  try {
    return watch(dir, { persistent: false }, onEvent).on('error', (error) => {
      log.warn({ error: messageOf(error) }, 'cannot watch the certificates; polling only');
    });
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'cannot watch the certificates; polling only');
    return undefined;
  }
}
