import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { Layer, LayerFile } from './layer.ts';
import type { NodeBinary } from './pinned-node.ts';
import { sharedLibraries } from './shared-libraries.ts';
import { BINARY_FOLDER } from './table.ts';

/** NODE is the path of Node in an image. */
export const NODE = '/usr/bin/node';

/** CERTIFICATES is where Go and OpenSSL look for CA certificates. */
export const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** NONROOT is the user of our programs, the same as in the manifests and in distroless. */
export const NONROOT = '65532:65532';

/** RUNNABLE is the mode of programs and libraries. */
export const RUNNABLE = 0o755;

/** READABLE is the mode of all other files. */
export const READABLE = 0o644;

/** The layer with Node; its libraries are in the layer below. */
export function nodeLayer({ path }: NodeBinary): Layer {
  return { name: 'node', files: [{ path: NODE, mode: RUNNABLE, content: readFileSync(path) }] };
}

/** A layer with another program, which must be statically linked. */
export function binaryLayer(name: string, program: string): Layer {
  const path = join(BINARY_FOLDER, name);
  return { name, files: [{ path, mode: RUNNABLE, content: readFileSync(program) }] };
}

/** The libraries of this machine that a program needs. */
export async function hostLibraries(program: string): Promise<readonly LayerFile[]> {
  const paths = await sharedLibraries(program);
  return paths.map((path) => ({ path, mode: RUNNABLE, content: readFileSync(path) }));
}

/** The CA certificates of this machine, which are usually newer, else those of Node. */
export function hostCertificates(): LayerFile {
  const content = existsSync(CERTIFICATES)
    ? readFileSync(CERTIFICATES)
    : Buffer.from(`${rootCertificates.join('\n')}\n`);
  return { path: CERTIFICATES, mode: READABLE, content };
}
