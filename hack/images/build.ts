import { join } from 'node:path';
import { cacheRoot } from '../../test/world/binaries/cache.ts';
import { repositoryRoot } from '../../test/world/repository.ts';
import { productVersion } from '../../provider/package-files.ts';
import { ownArchitecture } from './architecture.ts';
import { baseLayer, type BaseLayer } from './base.ts';
import { buildImagesOf, type BuiltImage, type ImageFolders, type ImageRecipe } from './image.ts';
import type { Layer } from './layer.ts';
import { pinnedNode, type NodeBinary } from './pinned-node.ts';
import { PROGRAM, programLayer } from './program.ts';
import { binaryLayer, CERTIFICATES, NODE, nodeLayer, NONROOT } from './runtime.ts';
import {
  BINARY_FOLDER,
  IMAGES,
  REPOSITORY,
  SOURCE,
  type ImageBinary,
  type ImageName,
  type ImageSpec,
} from './table.ts';

/** ProductImages says which of the product's images are wanted. */
export interface ProductImages extends Partial<Omit<ImageFolders, 'out'>> {
  readonly out: string;
  /** All when absent. */
  readonly names?: readonly ImageName[];
  /** The tag, and what the programs tell; that of package.json when absent. */
  readonly version?: string;
  /** Paths of programs of others; only those that the images need are read. */
  readonly binaries: Readonly<Record<ImageBinary, string>>;
}

interface Shared {
  readonly root: string;
  readonly version: string;
  readonly binaries: Readonly<Record<string, string>>;
  readonly node: NodeBinary;
  readonly base: BaseLayer;
  readonly nodeLayer: Layer;
}

/** Builds images of the product from this checkout; seconds when nothing is there, one when all is. */
export async function buildImages(wanted: ProductImages): Promise<readonly BuiltImage[]> {
  const { version = productVersion(), binaries, out, progress = () => undefined } = wanted;
  const architecture = ownArchitecture();
  const node = await pinnedNode(architecture, progress);
  const shared = {
    root: repositoryRoot(),
    version,
    binaries,
    node,
    base: await baseLayer(architecture, node, progress),
    nodeLayer: nodeLayer(node),
  };
  const specs = Object.entries<ImageSpec>(IMAGES).filter(([name]) => isWanted(name, wanted.names));
  const recipes = await Promise.all(specs.map(([name, spec]) => recipeOf(name, spec, shared)));
  const store = wanted.store ?? join(cacheRoot(), 'images');
  return buildImagesOf(recipes, { out, store, progress });
}

function isWanted(name: string, names: readonly string[] | undefined): boolean {
  return names === undefined || names.includes(name);
}

async function recipeOf(name: string, spec: ImageSpec, shared: Shared): Promise<ImageRecipe> {
  const { base, node, version } = shared;
  const others = spec.binaries.map((binary) => binaryOf(binary, shared));
  const program = await programLayer(name, spec, { ...shared, nodeVersion: node.version });
  return {
    name,
    reference: `${REPOSITORY}/${name}:${version}`,
    settings: {
      entrypoint: [NODE, PROGRAM],
      env: { PATH: `${BINARY_FOLDER}:/usr/bin`, SSL_CERT_FILE: CERTIFICATES, ...spec.env },
      user: NONROOT,
      labels: {
        'org.opencontainers.image.title': spec.title,
        'org.opencontainers.image.description': spec.description,
        'org.opencontainers.image.source': SOURCE,
        'org.opencontainers.image.version': version,
        'managedcluster.io/node': node.version,
        'managedcluster.io/libraries': base.libraries,
      },
    },
    layers: [base.layer, shared.nodeLayer, ...others, program],
  };
}

function binaryOf(name: string, { binaries }: Shared): Layer {
  const path = binaries[name];
  if (path === undefined) throw new Error(`an image needs the path of ${name}`);
  return binaryLayer(name, path);
}
