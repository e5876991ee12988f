import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { metaTime } from '../../lib/core/time.ts';
import { wrapError } from '../../lib/errors.ts';

/** CertificateFiles are the raw bytes of one directory of certificates, in PEM. */
export interface CertificateFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
}

/** Certificates are files that have been checked to work together. */
export interface Certificates extends CertificateFiles {
  /** Every certificate of ca.crt: during a rotation it holds the old and the new one. */
  readonly authorities: readonly X509Certificate[];
  /** When the server's own certificate ends, ISO 8601. */
  readonly notAfter: string;
}

/**
 * Reads tls.crt, tls.key and ca.crt, the files that Crossplane mounts into a function.
 *
 * @throws Error when one cannot be read; it names the file
 */
export async function readCertificateFiles(dir: string): Promise<CertificateFiles> {
  // The kubelet swaps one link to a folder of files: read there, they are all of one rotation.
  const folder = await realpath(join(dir, '..data')).catch(() => dir);
  // One after the other, so that always the same one is named when several are missing.
  const cert = await readIn(folder, 'tls.crt');
  const key = await readIn(folder, 'tls.key');
  const ca = await readIn(folder, 'ca.crt');
  return { cert, key, ca };
}

function readIn(dir: string, name: string): Promise<Buffer> {
  return wrapError(`read ${name}`, readFile(join(dir, name)));
}

/**
 * Checks that the files are whole and belong together, so that a half-written rotation is found
 * here and not by the next client.
 *
 * @throws Error that says which file is wrong, never what is in it
 */
export function checkCertificates(files: CertificateFiles): Certificates {
  const leaf = attempt('tls.crt holds no certificate', () => new X509Certificate(files.cert));
  const key = attempt('tls.key holds no private key', () => createPrivateKey(files.key));
  if (!leaf.checkPrivateKey(key)) throw new Error('tls.key does not belong to tls.crt');
  const blocks = files.ca.toString('latin1').match(/-----BEGIN CERT[^-]+-----[^-]+-----END/g) ?? [];
  const authorities = blocks.map((block) =>
    attempt(
      'ca.crt holds a broken certificate',
      () => new X509Certificate(`${block} CERTIFICATE-----`),
    ),
  );
  if (authorities.length === 0) throw new Error('ca.crt holds no certificate');
  attempt('the certificates cannot be used for TLS', () => createSecureContext({ ...files }));
  return { ...files, authorities, notAfter: metaTime(new Date(leaf.validTo)) };
}

function attempt<Result>(otherwise: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new Error(otherwise, { cause });
  }
}
