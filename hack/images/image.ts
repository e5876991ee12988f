import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeLeftovers, withLock } from '@managed-cluster/toolchain';
import { ALL_ARCHITECTURES, type Architecture } from './architecture.ts';
import type { Layer } from './layer.ts';
import { layoutOf, writeLayout } from './layout.ts';
import type { ImageSettings, LayerDescriptor } from './oci.ts';
import { storedLayer, type StoredLayer } from './store.ts';

/** ImageVariant is an image for one architecture. */
export interface ImageVariant {
  readonly architecture: Architecture;
  readonly settings: Omit<ImageSettings, 'platform' | 'created'>;
  /** Lowest first. */
  readonly layers: readonly Layer[];
}

/** ImageRecipe is an image that is built from files only. */
export interface ImageRecipe {
  /** Name of its files, such as `agent`. */
  readonly name: string;
  /** With registry and tag, such as `ghcr.io/managed-cluster/agent:0.1.0`. */
  readonly reference: string;
  /** One or several: a client selects the variant for its architecture. */
  readonly variants: readonly ImageVariant[];
}

/** ImageFolders are the output folders of images, and the callback for progress. */
export interface ImageFolders {
  /** Folder for layouts `<name>` and tars: `<name>.tar`, or `<name>-<architecture>.tar` for several architectures. */
  readonly out: string;
  /** Cache of compressed layers, shared between builds and images. */
  readonly store: string;
  readonly progress?: (line: string) => void;
}

/** BuiltVariant is the built image for one architecture. */
export interface BuiltVariant {
  readonly architecture: Architecture;
  /** Tar of its layout, which `docker load` and the Crossplane CLI read too. */
  readonly tarball: string;
  readonly layers: readonly LayerDescriptor[];
}

/** BuiltImage is an image that can be pushed, loaded or packed. */
export interface BuiltImage {
  readonly name: string;
  readonly reference: string;
  /** Folder of the OCI image layout. */
  readonly layout: string;
  /** Of the manifest, or of the index of several architectures. */
  readonly digest: string;
  readonly variants: readonly BuiltVariant[];
  /** False when it existed already. */
  readonly written: boolean;
}

/**
 * Builds images without a container engine. The same files have the same digests; existing output is not
 * written again. A layer that several images share is stored once.
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
    (holder) => progress(`waiting for ${holder}, which is building images …`),
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

/** Deletes the output of earlier builds for other architectures, which would look like part of this one. */
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

/** https://reproducible-builds.org/specs/source-date-epoch in seconds; 0 by default. */
function created(): string {
  return new Date(Number(process.env['SOURCE_DATE_EPOCH'] ?? 0) * 1000).toISOString();
}
