import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { messageOf } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import { checkCertificates, readCertificateFiles } from './certificates.ts';
import type { CertificateFiles, Certificates } from './certificates.ts';

/** CertificateWatchDeps are what a watch needs. */
export interface CertificateWatchDeps {
  readonly dir: string;
  readonly log: Logger;
  /** Called with each new set that works. */
  readonly onChange: (certificates: Certificates) => void;
  /** Milliseconds between two looks at the files; 30 s unless told. */
  readonly pollMs?: number;
}

/** CertificateWatch follows one directory of certificates. */
export interface CertificateWatch {
  stop(): void;
}

const POLL_MS = 30_000;
/** Files of one rotation arrive one after the other; look when they have settled. */
const SETTLE_MS = 100;

/**
 * Calls `onChange` when the files in `dir` are replaced by others that work. What does not work is
 * logged once, and the set in use stays. The kubelet swaps a symbolic link in the directory, which
 * a watch on the files would miss, so the directory is watched; and because such events get lost on some
 * file systems, the content is compared at every poll as well.
 *
 * @param inUse the set that the server started with
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
      log.error({ error: messageOf(error) }, 'new certificates do not work; the old ones stay');
    }
  }

  /** One look at a time, so that an older reading never overtakes a newer one. */
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

/** What is in the directory now, by fingerprint, and how to take it; taking throws when it does not work. */
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

/** A watch that may fail (no inotify left, directory replaced): the poll does the work then. */
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
