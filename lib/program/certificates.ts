import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { metaTime } from '../core/time.ts';
import { wrapError } from '../errors.ts';

/** CertificateFiles are the raw bytes of one directory of certificates, in PEM. */
export interface CertificateFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
}

/** Certificates are files that have been validated together. */
export interface Certificates extends CertificateFiles {
  /** All certificates in ca.crt: during a rotation it contains the old and the new one. */
  readonly authorities: readonly X509Certificate[];
  /** Expiry of the server certificate, ISO 8601. */
  readonly notAfter: string;
}

/**
 * Reads and checks the certificates that a server starts with.
 *
 * @throws Error that names the directory and what is wrong in it
 */
export function readCertificates(dir: string): Promise<Certificates> {
  return wrapError(
    `use the certificates in ${dir} (Crossplane mounts tls.crt, tls.key and ca.crt there)`,
    readCertificateFiles(dir).then(checkCertificates),
  );
}

/**
 * Reads tls.crt, tls.key and ca.crt, the files that Crossplane mounts into a package.
 *
 * @throws Error if a file cannot be read; it names the file
 */
export async function readCertificateFiles(dir: string): Promise<CertificateFiles> {
  // The kubelet swaps one link to a folder; files read from that folder are from the same rotation.
  const folder = await realpath(join(dir, '..data')).catch(() => dir);
  // Sequential, so that the error always names the same file if several are missing.
  const cert = await readIn(folder, 'tls.crt');
  const key = await readIn(folder, 'tls.key');
  const ca = await readIn(folder, 'ca.crt');
  return { cert, key, ca };
}

function readIn(dir: string, name: string): Promise<Buffer> {
  return wrapError(`read ${name}`, readFile(join(dir, name)));
}

/**
 * Checks that the files are complete and belong together, so that an incomplete rotation is detected
 * here and not by the next client.
 *
 * @throws Error that names the invalid file, but never contains its content
 */
export function checkCertificates(files: CertificateFiles): Certificates {
  const leaf = attempt('tls.crt contains no certificate', () => new X509Certificate(files.cert));
  const key = attempt('tls.key contains no private key', () => createPrivateKey(files.key));
  if (!leaf.checkPrivateKey(key)) throw new Error('tls.key does not belong to tls.crt');
  const blocks = files.ca.toString('latin1').match(/-----BEGIN CERT[^-]+-----[^-]+-----END/g) ?? [];
  const authorities = blocks.map((block) =>
    attempt(
      'ca.crt contains an invalid certificate',
      () => new X509Certificate(`${block} CERTIFICATE-----`),
    ),
  );
  if (authorities.length === 0) throw new Error('ca.crt contains no certificate');
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
