import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type BinaryName,
  cacheKey,
  cacheRoot,
  REAL_BINARIES,
  requiredVersion,
  wrapperModule,
} from '@managed-cluster/toolchain';
import { binary, type WorldContext } from '../world-context.ts';
import {
  buildKubeProxy,
  buildScratch,
  importRootFileSystem,
  inContext,
  type Builder,
} from './build.ts';
import type { Docker } from './docker.ts';
import { flags } from './flags.ts';
import {
  builtAs,
  KUBE_PROXY,
  LOAD_BALANCER_IMAGE,
  nameOf,
  NODE_IMAGE,
  nodeImages,
  REGISTRY_IMAGE,
  REGISTRY_PROGRAM,
  registryImages,
  WORLD_LABEL,
  type ScratchImage,
} from './images.ts';
import { buildNodeImage } from './node-image.ts';
import { push, startRegistry } from './registry.ts';
import { realFolder, type RootFileSystemName } from './root-file-systems.ts';

/** Ingredients are the inputs of the images of a world. */
export interface Ingredients {
  readonly rootFileSystems: Readonly<Record<RootFileSystemName, string>>;
  /** Images of Cluster API's managers with their tags, by the binary in them. */
  readonly capi: Readonly<Record<string, BinaryName>>;
  /** Crossplane's image, and the folders of its module that are in it by their path there. */
  readonly crossplane: { readonly image: string; readonly files: Readonly<Record<string, string>> };
}

/** Prepared is the image storage that worlds share. */
export interface Prepared {
  /** Of the world's own engine. */
  readonly docker: string;
  /** Of the registry. */
  readonly registry: string;
  /** Written when the registry has all its images. */
  readonly marker: string;
  /** Label of images that are made of these ingredients: what an engine holds, it alone can tell. */
  readonly label: string;
  readonly folder: string;
}

/** Incremented when the build of images from the same ingredients changes. */
const RECIPE = 2;

/** Folders whose files go into images. */
const SOURCES = ['node', 'load-balancer', KUBE_PROXY] as const;

/** kubernetesVersion is the version of all nodes, such as `v1.36.3`. */
export function kubernetesVersion(): string {
  return requiredVersion(wrapperModule('kube').goMod, 'k8s.io/kubernetes');
}

/** nodeImage is the name of the image of nodes. */
export function nodeImage(): string {
  return `${NODE_IMAGE}:${kubernetesVersion()}`;
}

/** preparedFolder is the place for images of these ingredients; those of other ingredients are removed. */
export function preparedFolder(context: WorldContext, ingredients: Ingredients): Prepared {
  const sources = SOURCES.map((name) =>
    readdirSync(realFolder(name)).map((file) => readFileSync(join(realFolder(name), file), 'utf8')),
  );
  // A command may need more; no image holds that.
  const binaries = REAL_BINARIES.map((name) => binary(context, name));
  const key = cacheKey([RECIPE, binaries, ingredients, sources]);
  const parent = join(cacheRoot(), 'real');
  const folder = join(parent, key);
  mkdirSync(folder, { recursive: true });
  for (const other of readdirSync(parent).filter((name) => name !== key)) {
    rmSync(join(parent, other), { recursive: true, force: true });
  }
  return {
    folder,
    docker: join(folder, 'docker'),
    registry: join(folder, 'registry'),
    marker: join(folder, 'complete'),
    label: `${WORLD_LABEL}=${key}`,
  };
}

/**
 * prepare builds the missing images of the engine, and starts the registry with the other images. The engine
 * keeps only images that are used by containers.
 */
export async function prepare(
  context: WorldContext,
  docker: Docker,
  prepared: Prepared,
  ingredients: Ingredients,
): Promise<void> {
  const { marker, registry, label } = prepared;
  const builder = { context, docker, label, folder: join(prepared.folder, 'build') };
  const filled = await holdsImages(docker, label);
  const complete = existsSync(marker);
  if (!filled || !complete) context.emit('images: building them (only once, about two minutes)');
  if (!filled) await fillEngine(builder, ingredients);
  await startRegistry(context, docker, registry);
  if (!complete) await fillRegistry(builder, ingredients);
  await removeBuilt(docker);
  rmSync(builder.folder, { recursive: true, force: true });
  writeFileSync(marker, '');
}

/** The images that containers are made of. */
function engineImages(): readonly string[] {
  return [nodeImage(), loadBalancerImage(), REGISTRY_IMAGE];
}

async function holdsImages(docker: Docker, label: string): Promise<boolean> {
  const format = `${WORLD_LABEL}={{index .Config.Labels "${WORLD_LABEL}"}}`;
  const inspect = ['image', 'inspect', ...flags({ format }), ...engineImages()];
  const labels = await docker(inspect).catch(() => ''); // one is not there
  return labels !== '' && labels.split('\n').every((one) => one === label);
}

/** What is left are layers of those that stay, and they too go with them. */
async function removeBuilt(docker: Docker): Promise<void> {
  const filter = flags({ filter: `label=${WORLD_LABEL}` });
  const format = flags({ format: '{{.Repository}}:{{.Tag}}' });
  const names = (await docker(['images', ...filter, ...format])).split('\n');
  const built = names.filter((name) => !name.includes('<none>') && !engineImages().includes(name));
  if (built.length > 0) await docker(['rmi', ...built]);
  // Those that have lost their name to newer ones of ours.
  await docker(['image', 'prune', '--force', ...filter]);
}

async function fillEngine(builder: Builder, { rootFileSystems }: Ingredients): Promise<void> {
  await importRootFileSystem(builder, 'node', rootFileSystems.node);
  await importRootFileSystem(builder, 'load-balancer', rootFileSystems['load-balancer']);
  await inContext(builder, loadBalancerImage(), (folder) => {
    const dockerfile = readFileSync(join(realFolder('load-balancer'), 'Dockerfile'));
    writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  });
  builder.context.emit('images: Debian and the load balancer');
  await prepareNodes(builder);
  await buildScratch(builder, REGISTRY_PROGRAM);
}

function loadBalancerImage(): string {
  return `${LOAD_BALANCER_IMAGE.imageRepository}/haproxy:${LOAD_BALANCER_IMAGE.imageTag}`;
}

async function prepareNodes(builder: Builder): Promise<void> {
  const { context } = builder;
  const args = ['config', 'images', 'list', '--kubernetes-version', kubernetesVersion()];
  const { stdout } = await promisify(execFile)(binary(context, 'kubeadm'), args);
  const names = stdout.trimEnd().split('\n');
  const images = nodeImages(names);
  await each(images, (image) => buildScratch(builder, asBuilt(image)));
  const proxy = named(names, KUBE_PROXY);
  await buildKubeProxy(builder, builtAs(proxy));
  context.emit('images: Kubernetes');
  await buildNodeImage(builder, {
    name: nodeImage(),
    preloaded: [...images.map(({ name }) => name), proxy],
    pause: named(names, 'pause'),
  });
  context.emit('images: the node');
}

async function fillRegistry(builder: Builder, { capi, crossplane }: Ingredients): Promise<void> {
  const core: ScratchImage = {
    name: crossplane.image,
    binaries: { '/usr/local/bin/crossplane': 'crossplane' },
    entrypoint: ['crossplane'],
  };
  await buildScratch(builder, asBuilt(core), crossplane.files);
  const images = registryImages(capi);
  await each(images, (image) => buildScratch(builder, asBuilt(image)));
  await each([core, ...images], ({ name }) => push(builder.docker, name));
  builder.context.emit('images: Cluster API and Crossplane are in the registry');
}

function asBuilt(image: ScratchImage): ScratchImage {
  return { ...image, name: builtAs(image.name) };
}

function named(images: readonly string[], wanted: string): string {
  const found = images.find((image) => nameOf(image) === wanted);
  if (found === undefined) throw new Error(`kubeadm does not list the image ${wanted}`);
  return found;
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) {
    // oxlint-disable-next-line no-await-in-loop -- each is work for the disk
    await work(item);
  }
}
