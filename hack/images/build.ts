import { join } from 'node:path';
import { cacheRoot } from '@managed-cluster/toolchain';
import { productRoot, productVersion } from '../../lib/program/product-files.ts';
import { ALL_ARCHITECTURES, type Architecture } from './architecture.ts';
import { foreignFiles } from './architecture-check.ts';
import { baseLayer, type BaseLayer } from './base.ts';
import {
  buildImagesOf,
  type BuiltImage,
  type ImageFolders,
  type ImageRecipe,
  type ImageVariant,
} from './image.ts';
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

/** ProductImages selects the images of the product to build. */
export interface ProductImages extends Partial<Omit<ImageFolders, 'out'>> {
  readonly out: string;
  /** All when absent. */
  readonly names?: readonly ImageName[];
  /** The tag and the version that the programs report; by default the version in package.json. */
  readonly version?: string;
  /** Paths of third-party programs by architecture: images are built for these architectures. */
  readonly binaries: Readonly<Partial<Record<Architecture, ImageBinaries>>>;
}

/** ImageBinaries are paths of third-party programs; only those that the images need are read. */
export type ImageBinaries = Readonly<Record<ImageBinary, string>>;

/** Foundation is the common base of all images of an architecture. */
interface Foundation {
  readonly architecture: Architecture;
  readonly binaries: Readonly<Record<string, string>>;
  readonly node: NodeBinary;
  readonly base: BaseLayer;
  readonly nodeLayer: Layer;
}

/** Builds images of the product from this checkout; takes some seconds, or about one if nothing has changed. */
export async function buildImages(wanted: ProductImages): Promise<readonly BuiltImage[]> {
  const { version = productVersion(), out, progress = () => undefined } = wanted;
  const foundations = await Promise.all(
    ALL_ARCHITECTURES.flatMap((architecture) => {
      const binaries = wanted.binaries[architecture];
      return binaries ? [foundationOf(architecture, binaries, progress)] : [];
    }),
  );
  const specs = Object.entries<ImageSpec>(IMAGES).filter(([name]) => isWanted(name, wanted.names));
  const recipes = await Promise.all(
    specs.map(([name, spec]) => recipeOf(name, spec, version, foundations)),
  );
  const store = wanted.store ?? join(cacheRoot(), 'images');
  return buildImagesOf(recipes, { out, store, progress });
}

async function foundationOf(
  architecture: Architecture,
  binaries: ImageBinaries,
  progress: (line: string) => void,
): Promise<Foundation> {
  const node = await pinnedNode(architecture, progress);
  const base = await baseLayer(architecture, node, progress);
  return { architecture, binaries, node, base, nodeLayer: nodeLayer(node) };
}

function isWanted(name: string, names: readonly string[] | undefined): boolean {
  return names === undefined || names.includes(name);
}

async function recipeOf(
  name: string,
  spec: ImageSpec,
  version: string,
  foundations: readonly Foundation[],
): Promise<ImageRecipe> {
  const [nodeVersion = ''] = foundations.map(({ node }) => node.version);
  const program = await programLayer(name, spec, { root: productRoot(), version, nodeVersion });
  const variants = foundations.map((foundation) => variantOf(spec, version, foundation, program));
  return { name, reference: `${REPOSITORY}/${name}:${version}`, variants };
}

function variantOf(
  spec: ImageSpec,
  version: string,
  { architecture, binaries, node, base, nodeLayer: runtime }: Foundation,
  program: Layer,
): ImageVariant {
  const others = spec.binaries.map((binary) => binaryOf(binary, binaries));
  const layers = [base.layer, runtime, ...others, program];
  // Images of other architectures do not run here, so that only users would notice a wrong file.
  const [wrong] = foreignFiles(architecture, layers);
  if (wrong !== undefined) throw new Error(`${wrong} is not for ${architecture}`);
  return {
    architecture,
    settings: {
      entrypoint: [NODE, ...spec.nodeFlags, PROGRAM],
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
    layers,
  };
}

function binaryOf(name: string, binaries: Readonly<Record<string, string>>): Layer {
  const path = binaries[name];
  if (path === undefined) throw new Error(`an image needs the path of ${name}`);
  return binaryLayer(name, path);
}
