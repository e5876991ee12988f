import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pair } from './certificates.ts';

/** CertificateDirectory has the layout of a Secret volume of the kubelet: links through one link. */
export interface CertificateDirectory {
  readonly path: string;
  /** Swaps the link, so that all files change atomically. */
  replace(files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

/** Creates a directory with tls.crt, tls.key and ca.crt. */
export async function certificateDirectory(
  server: Pair,
  ca: string,
): Promise<CertificateDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'certs-'));
  let generation = 0;

  async function replace(files: Readonly<Record<string, string>>): Promise<void> {
    const next = `..${++generation}`;
    await mkdir(join(path, next));
    await Promise.all(
      Object.entries(files).map(([name, content]) => writeFile(join(path, next, name), content)),
    );
    await symlink(next, join(path, '..data_tmp'));
    await rename(join(path, '..data_tmp'), join(path, '..data'));
  }

  const files = filesOf(server, ca);
  await replace(files);
  await Promise.all(
    Object.keys(files).map((name) => symlink(join('..data', name), join(path, name))),
  );
  return { path, replace, remove: () => rm(path, { recursive: true }) };
}

/** The three files of a directory of certificates. */
export function filesOf(server: Pair, ca: string): Readonly<Record<string, string>> {
  return { 'tls.crt': server.cert, 'tls.key': server.key, 'ca.crt': ca };
}
