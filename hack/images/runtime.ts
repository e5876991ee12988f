import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { Layer, LayerFile } from './layer.ts';
import { sharedLibraries } from './shared-libraries.ts';
import { BINARY_FOLDER } from './table.ts';

/** NODE is where Node is in an image. */
export const NODE = '/usr/bin/node';

/** CERTIFICATES is where Go and OpenSSL look for authorities. */
export const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** NONROOT is the user that our programs run as: that of the manifests, in the numbers of distroless. */
export const NONROOT = '65532:65532';

const RUNNABLE = 0o755;
const READABLE = 0o644;

/** Users, certificates and an empty /tmp: what any program takes for granted. */
export function baseLayer(): Layer {
  const users = [
    text('/etc/passwd', `root:x:0:0:root:/:\nnonroot:x:${NONROOT}:nonroot:/nonexistent:\n`),
    text('/etc/group', 'root:x:0:\nnonroot:x:65532:\n'),
    // Without it, old versions of glibc ask DNS before they read /etc/hosts.
    text('/etc/nsswitch.conf', 'hosts: files dns\n'),
  ];
  return { name: 'base', files: [...users, certificates()], folders: { '/tmp': 0o1777 } };
}

/** The Node that runs this, with its libraries. */
export async function nodeLayer(): Promise<Layer> {
  const files = [runnable(process.execPath, NODE), ...(await libraries(process.execPath))];
  return { name: 'node', files };
}

/** Another program, with those of its libraries that the layer below lacks. */
export async function binaryLayer(name: string, program: string, below: Layer): Promise<Layer> {
  const there = new Set(below.files.map(({ path }) => path));
  const more = (await libraries(program)).filter(({ path }) => !there.has(path));
  return { name, files: [runnable(program, join(BINARY_FOLDER, name)), ...more] };
}

async function libraries(program: string): Promise<readonly LayerFile[]> {
  return (await sharedLibraries(program)).map((path) => runnable(path, path));
}

/** Libraries are runnable too: the kernel asks that of the loader among them. */
function runnable(file: string, path: string): LayerFile {
  return { path, mode: RUNNABLE, content: readFileSync(file) };
}

function text(path: string, content: string): LayerFile {
  return { path, mode: READABLE, content: Buffer.from(content) };
}

/** Those of the machine, which are the newer ones as a rule, else those of Node. */
function certificates(): LayerFile {
  if (!existsSync(CERTIFICATES)) return text(CERTIFICATES, `${rootCertificates.join('\n')}\n`);
  return { path: CERTIFICATES, mode: READABLE, content: readFileSync(CERTIFICATES) };
}
