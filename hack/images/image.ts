import { join } from 'node:path';
import { removeLeftovers } from '../../test/world/binaries/cache.ts';
import { withLock } from '../../test/world/binaries/lock.ts';
import type { Layer } from './layer.ts';
import { layoutOf, writeLayout } from './layout.ts';
import type { ImageSettings, LayerDescriptor, Platform } from './oci.ts';
import { storedLayer, type StoredLayer } from './store.ts';

/** ImageRecipe is an image that can be made of files alone. */
export interface ImageRecipe {
  /** Name of its files, such as `agent`. */
  readonly name: string;
  /** With registry and tag, such as `ghcr.io/managed-cluster/agent:0.1.0`. */
  readonly reference: string;
  readonly settings: Omit<ImageSettings, 'platform' | 'created'>;
  /** Lowest first. */
  readonly layers: readonly Layer[];
}

/** ImageFolders say where images go, and whom to tell. */
export interface ImageFolders {
  /** Layouts `<name>` and tars `<name>.tar` are written here. */
  readonly out: string;
  /** Compressed layers are kept here, for the next time and for other images. */
  readonly store: string;
  readonly progress?: (line: string) => void;
}

/** BuiltImage is an image that is ready to be pushed, loaded or packed. */
export interface BuiltImage {
  readonly name: string;
  readonly reference: string;
  /** Folder of the OCI image layout. */
  readonly layout: string;
  /** The same as one file, which `docker load` and the Crossplane CLI read too. */
  readonly tarball: string;
  /** Of the manifest. */
  readonly digest: string;
  readonly layers: readonly LayerDescriptor[];
  /** False when it was there already. */
  readonly written: boolean;
}

/** Node's names of architectures that have another name in Go; the rest is the same. */
const ARCHITECTURES: Readonly<Partial<Record<NodeJS.Architecture, string>>> = {
  x64: 'amd64',
  ia32: '386',
};

/**
 * Makes images for this machine's architecture, without a container engine. The same files make the
 * same digests; what is there already is left alone. A layer that several images share is kept once.
 * Fails off Linux, whose programs are put into the images.
 */
export async function buildImagesOf(
  recipes: readonly ImageRecipe[],
  folders: ImageFolders,
): Promise<readonly BuiltImage[]> {
  if (process.platform !== 'linux') throw new Error('images can be built on Linux only');
  const { store, progress = () => undefined } = folders;
  return withLock(
    join(store, 'lock'),
    async () => {
      removeLeftovers(store);
      const stored = await storedLayers(recipes, store, progress);
      const built: BuiltImage[] = [];
      for (const recipe of recipes) {
        const layers = recipe.layers.flatMap((layer) => stored.get(layer) ?? []);
        // oxlint-disable-next-line no-await-in-loop -- one is in memory at a time
        built.push(await writeImage(recipe, layers, folders.out));
      }
      return built;
    },
    (holder) => progress(`${holder} builds images; waiting for it …`),
  );
}

async function storedLayers(
  recipes: readonly ImageRecipe[],
  store: string,
  progress: (line: string) => void,
): Promise<ReadonlyMap<Layer, StoredLayer>> {
  const stored = new Map<Layer, StoredLayer>();
  for (const layer of new Set(recipes.flatMap(({ layers }) => layers))) {
    // oxlint-disable-next-line no-await-in-loop -- one is in memory at a time
    stored.set(layer, await storedLayer(layer, store, progress));
  }
  return stored;
}

async function writeImage(
  { name, reference, settings }: ImageRecipe,
  stored: readonly StoredLayer[],
  out: string,
): Promise<BuiltImage> {
  const whole = { ...settings, platform: ownPlatform(), created: created() };
  const made = layoutOf(whole, reference, stored);
  const [layout, tarball] = [join(out, name), join(out, `${name}.tar`)];
  const written = await writeLayout(made, layout, tarball);
  const layers = stored.map(({ layer }) => layer);
  return { name, reference, layout, tarball, digest: made.manifest.digest, layers, written };
}

function ownPlatform(): Platform {
  return { architecture: ARCHITECTURES[process.arch] ?? process.arch, os: 'linux' };
}

/** https://reproducible-builds.org/specs/source-date-epoch: seconds; the epoch itself unless told. */
function created(): string {
  return new Date(Number(process.env['SOURCE_DATE_EPOCH'] ?? 0) * 1000).toISOString();
}
