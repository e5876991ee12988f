import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  rmSync,
  writeFileSync,
  copyFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { binary, type WorldContext } from '../world-context.ts';
import type { Docker } from './docker.ts';
import { flags } from './flags.ts';
import { builtAs, KUBE_PROXY, type ScratchImage } from './images.ts';
import { realFolder, type RootFileSystemName } from './root-file-systems.ts';

/** Builder builds images in an engine; its temporary folders are in `folder`. */
export interface Builder {
  readonly context: WorldContext;
  readonly docker: Docker;
  readonly folder: string;
  /** Label of all images that it makes. */
  readonly label: string;
}

/** PATH of programs in images that hold little else; static Pods call theirs by name. */
const PATH = '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** buildScratch builds a minimal image from binaries. */
export async function buildScratch(
  builder: Builder,
  { name, binaries, entrypoint }: ScratchImage,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  const dockerfile = [
    'FROM scratch',
    'COPY root/ /',
    `ENV PATH=${PATH}`,
    `ENTRYPOINT ${JSON.stringify(entrypoint)}`,
  ];
  await inContext(builder, name, async (folder) => {
    const root = join(folder, 'root');
    mkdirSync(join(root, 'tmp'), { recursive: true, mode: 0o1777 });
    for (const [path, program] of Object.entries(binaries)) {
      place(binary(builder.context, program), join(root, path));
    }
    for (const [path, source] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      cpSync(source, join(root, path), { recursive: true });
    }
    writeFileSync(join(folder, 'Dockerfile'), dockerfile.join('\n'));
  });
}

/** buildKubeProxy builds an image with kube-proxy and the commands that it calls, from the Debian of the nodes. */
export async function buildKubeProxy(builder: Builder, name: string): Promise<void> {
  await inContext(builder, name, (folder) => {
    copyFileSync(join(realFolder('kube-proxy'), 'Dockerfile'), join(folder, 'Dockerfile'));
    place(binary(builder.context, 'kube-proxy'), join(folder, KUBE_PROXY));
  });
}

/** importRootFileSystem imports a Debian as a base image. */
export async function importRootFileSystem(
  { docker, label }: Builder,
  name: RootFileSystemName,
  tar: string,
): Promise<void> {
  const image = builtAs(`debian-${name}`);
  await docker(['import', ...flags({ change: `LABEL ${label}` }), '-', image], { file: tar });
}

/** inContext builds an image from a temporary folder. */
export async function inContext(
  { docker, folder, label }: Builder,
  image: string,
  fill: (folder: string) => void | Promise<void>,
): Promise<void> {
  const own = join(folder, image.replaceAll(/[^a-zA-Z0-9.-]/g, '_'));
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  try {
    await fill(own);
    await docker(['build', ...flags({ quiet: true, tag: image, label }), own]);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** place puts a file into the build folder, as a hard link when both are on the same disk. */
export function place(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  if (existsSync(target)) rmSync(target);
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}
