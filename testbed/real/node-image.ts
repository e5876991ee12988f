import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { binary } from '../world-context.ts';
import { inContext, place, type Builder } from './build.ts';
import { REGISTRY } from './addresses.ts';
import { builtAs } from './images.ts';
import { realFolder } from './root-file-systems.ts';

/** NodeImage is the image of a node. */
export interface NodeImage {
  /** Its name with the tag. */
  readonly name: string;
  /** Images, built in the engine, that every node has from the beginning. */
  readonly preloaded: readonly string[];
  /** Image of the containers that hold Pods. */
  readonly pause: string;
}

/** The delay before containerd deletes unreferenced blobs. */
const COLLECTION_MS = 6000;

/** buildNodeImage builds the image of a node; the images in it come from the same engine. */
export async function buildNodeImage(builder: Builder, image: NodeImage): Promise<void> {
  const store = join(builder.folder, 'store');
  await preload(builder, store, image.preloaded);
  await inContext(builder, image.name, (folder) => {
    const source = realFolder('node');
    for (const program of ['kubeadm', 'kubelet', 'kubectl'] as const) {
      place(binary(builder.context, program), join(folder, 'bin', program));
    }
    const containerd = readFileSync(join(source, 'containerd.toml'), 'utf8');
    const hosts = readFileSync(join(source, 'hosts.toml'), 'utf8');
    write(folder, 'etc/containerd/config.toml', containerd.replace('PAUSE_IMAGE', image.pause));
    write(
      folder,
      'etc/containerd/certs.d/_default/hosts.toml',
      hosts.replace('REGISTRY', REGISTRY),
    );
    renameSync(join(store, 'root'), join(folder, 'containerd'));
    copyFileSync(join(source, 'Dockerfile'), join(folder, 'Dockerfile'));
  });
  rmSync(store, { recursive: true, force: true });
}

function write(folder: string, path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

/** Fills the store of a containerd of its own, which becomes that of every node. */
async function preload(
  { context, docker, folder }: Builder,
  store: string,
  images: readonly string[],
): Promise<void> {
  rmSync(store, { recursive: true, force: true });
  mkdirSync(join(store, 'root'), { recursive: true });
  const socket = join(context.folder, 'preload.sock');
  write(
    store,
    'config.toml',
    [
      'version = 2',
      `root = "${join(store, 'root')}"`,
      `state = "${join(store, 'state')}"`,
      'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
      `[grpc]\n  address = "${socket}"`,
    ].join('\n'),
  );
  async function ctr(...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(
      'ctr',
      ['--address', socket, '--namespace', 'k8s.io', ...args],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    return stdout;
  }
  const containerd = context.process({
    name: 'containerd-preload',
    command: ['containerd', '--config', join(store, 'config.toml')],
    ready: async () => (await ctr('version')) !== '',
  });
  await containerd.start();
  const archive = join(folder, 'preload.tar');
  await docker(['save', '--output', archive, ...images.map(builtAs)]);
  await ctr('images', 'import', '--snapshotter', 'overlayfs', archive);
  rmSync(archive);
  for (const image of images) {
    // oxlint-disable-next-line no-await-in-loop -- a moment each
    await ctr('images', 'tag', builtAs(image), image);
    // oxlint-disable-next-line no-await-in-loop -- a moment each
    await ctr('images', 'rm', builtAs(image));
    // oxlint-disable-next-line no-await-in-loop -- a moment each
    await ctr('images', 'label', image, 'io.cri-containerd.image=managed');
  }
  await dropLayers(ctr);
  await containerd.stop();
}

/** Unpacked, a layer is not needed any more as the archive that it came in. */
async function dropLayers(ctr: (...args: readonly string[]) => Promise<string>): Promise<void> {
  const [, ...lines] = (await ctr('content', 'ls')).trimEnd().split('\n');
  const large = lines.flatMap((line) => {
    const [digest = '', size = ''] = line.split(/\s+/);
    return /[MG]i?B/.test(size) ? [digest] : [];
  });
  if (large.length === 0) return;
  await ctr('content', 'rm', ...large);
  await sleep(COLLECTION_MS);
}
