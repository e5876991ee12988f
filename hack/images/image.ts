import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeLeftovers, withLock } from '@managed-cluster/toolchain';
import { ALL_ARCHITECTURES, type Architecture } from './architecture.ts';
import type { Layer } from './layer.ts';
import { layoutOf, writeLayout } from './layout.ts';
import type { ImageSettings, LayerDescriptor } from './oci.ts';
import { storedLayer, type StoredLayer } from './store.ts';

/** ImageVariant is an image as it is for one architecture. */
export interface ImageVariant {
  readonly architecture: Architecture;
  readonly settings: Omit<ImageSettings, 'platform' | 'created'>;
  /** Lowest first. */
  readonly layers: readonly Layer[];
}

/** ImageRecipe is an image that can be made of files alone. */
export interface ImageRecipe {
  /** Name of its files, such as `agent`. */
  readonly name: string;
  /** With registry and tag, such as `ghcr.io/managed-cluster/agent:0.1.0`. */
  readonly reference: string;
  /** One, or several: a client takes the one that it can run. */
  readonly variants: readonly ImageVariant[];
}

/** ImageFolders say where images go, and whom to tell. */
export interface ImageFolders {
  /** Layouts `<name>` are written here, and tars: `<name>.tar`, or `<name>-<architecture>.tar` of several. */
  readonly out: string;
  /** Compressed layers are kept here, for the next time and for other images. */
  readonly store: string;
  readonly progress?: (line: string) => void;
}

/** BuiltVariant is what was built for one architecture. */
export interface BuiltVariant {
  readonly architecture: Architecture;
  /** The layout of it alone as one file, which `docker load` and the Crossplane CLI read too. */
  readonly tarball: string;
  readonly layers: readonly LayerDescriptor[];
}

/** BuiltImage is an image that is ready to be pushed, loaded or packed. */
export interface BuiltImage {
  readonly name: string;
  readonly reference: string;
  /** Folder of the OCI image layout. */
  readonly layout: string;
  /** Of the manifest, or of the index of several. */
  readonly digest: string;
  readonly variants: readonly BuiltVariant[];
  /** False when it was there already. */
  readonly written: boolean;
}

/**
 * Makes images without a container engine. The same files make the same digests; what is there already
 * is left alone. A layer that several images share is kept once.
 */
export async function buildImagesOf(
  recipes: readonly ImageRecipe[],
  folders: ImageFolders,
): Promise<readonly BuiltImage[]> {
  const { store, progress = () => undefined } = folders;
  return withLock(
    join(store, 'lock'),
    async () => {
      removeLeftovers(store);
      const stored = await storedLayers(recipes, store, progress);
      const built: BuiltImage[] = [];
      for (const recipe of recipes) {
        // oxlint-disable-next-line no-await-in-loop -- one is in memory at a time
        built.push(await writeImage(recipe, stored, folders.out));
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
  for (const layer of new Set(
    recipes.flatMap(({ variants }) => variants.flatMap(({ layers }) => layers)),
  )) {
    // oxlint-disable-next-line no-await-in-loop -- one is in memory at a time
    stored.set(layer, await storedLayer(layer, store, progress));
  }
  return stored;
}

async function writeImage(
  { name, reference, variants }: ImageRecipe,
  stored: ReadonlyMap<Layer, StoredLayer>,
  out: string,
): Promise<BuiltImage> {
  const parts = variants.map(({ architecture, settings, layers }) => ({
    architecture,
    settings: { ...settings, platform: { architecture, os: 'linux' }, created: created() },
    layers: layers.flatMap((layer) => stored.get(layer) ?? []),
    tarball: join(out, variants.length === 1 ? `${name}.tar` : `${name}-${architecture}.tar`),
  }));
  const whole = layoutOf(reference, parts);
  const tarballs = parts.map((part) => [part.tarball, layoutOf(reference, [part])] as const);
  removeOtherTarballs(out, name, parts);
  const layout = join(out, name);
  const written = await writeLayout(whole, layout, new Map(tarballs));
  const built = parts.map(({ architecture, tarball, layers }) => ({
    architecture,
    tarball,
    layers: layers.map(({ layer }) => layer),
  }));
  return { name, reference, layout, digest: whole.root.digest, variants: built, written };
}

/** What a build for other architectures has left would be taken for a part of this one. */
function removeOtherTarballs(
  out: string,
  name: string,
  parts: readonly { readonly tarball: string }[],
): void {
  const possible = ['', ...ALL_ARCHITECTURES.map((architecture) => `-${architecture}`)];
  const others = possible.map((suffix) => join(out, `${name}${suffix}.tar`));
  const wanted = new Set(parts.map(({ tarball }) => tarball));
  for (const file of others) if (!wanted.has(file)) rmSync(file, { force: true });
}

/** https://reproducible-builds.org/specs/source-date-epoch: seconds; the epoch itself unless told. */
function created(): string {
  return new Date(Number(process.env['SOURCE_DATE_EPOCH'] ?? 0) * 1000).toISOString();
}
