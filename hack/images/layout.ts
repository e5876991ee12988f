import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { packTar } from 'modern-tar';
import { writeWhole } from '../../test/world/binaries/cache.ts';
import {
  blobPath,
  dockerManifest,
  imageConfig,
  imageManifest,
  layoutIndex,
  LAYOUT_MARK,
  MEDIA_TYPES,
  type Descriptor,
  type ImageSettings,
} from './oci.ts';
import { documentOf, writeBytes, type Blob, type StoredLayer } from './store.ts';

/** LayoutFiles are all files of a layout by their path in it; layers are named, not read. */
interface LayoutFiles {
  readonly documents: Readonly<Record<string, Uint8Array>>;
  readonly layers: Readonly<Record<string, string>>;
}

/** Layout is an image with its documents. */
export interface Layout {
  readonly manifest: Descriptor;
  readonly files: LayoutFiles;
}

/** All that the layout of an image consists of. */
export function layoutOf(
  settings: ImageSettings,
  reference: string,
  layers: readonly StoredLayer[],
): Layout {
  const descriptors = layers.map(({ layer }) => layer);
  const config = documentOf(MEDIA_TYPES.config, imageConfig(settings, descriptors));
  const manifest = documentOf(
    MEDIA_TYPES.manifest,
    imageManifest(bare(config), descriptors, settings.labels),
  );
  const index = layoutIndex(bare(manifest), reference, settings.platform);
  const documents = {
    [blobPath(config.digest)]: config.bytes,
    [blobPath(manifest.digest)]: manifest.bytes,
    'manifest.json': json(dockerManifest(config, descriptors, reference)),
    'oci-layout': json(LAYOUT_MARK),
    'index.json': json(index),
  };
  const files = layers.map(({ layer, file }) => [blobPath(layer.digest), file] as const);
  return { manifest: bare(manifest), files: { documents, layers: Object.fromEntries(files) } };
}

/**
 * Writes a layout as a folder and as a tar, which `docker load`, `ctr images import` and
 * `crossplane xpkg build --embed-runtime-image-tarball` read. False when both are there already.
 */
export async function writeLayout(
  { files }: Layout,
  folder: string,
  tarball: string,
): Promise<boolean> {
  const { 'index.json': index = new Uint8Array(), ...documents } = files.documents;
  const last = join(folder, 'index.json');
  if (existsSync(last) && existsSync(tarball) && readFileSync(last).equals(index)) return false;
  // A layout without an index is none: what is cut off from here on is begun anew.
  rmSync(last, { force: true });
  await writeTarball(files, tarball);
  removeOldBlobs(folder, files);
  for (const [path, bytes] of Object.entries(documents)) writeBytes(join(folder, path), bytes);
  for (const [path, file] of Object.entries(files.layers)) place(file, join(folder, path));
  writeWhole(last, Buffer.from(index).toString());
  return true;
}

async function writeTarball({ documents, layers }: LayoutFiles, tarball: string): Promise<void> {
  const contents = [
    ...Object.entries(documents),
    ...Object.entries(layers).map(([path, file]) => [path, readFileSync(file)] as const),
  ];
  const entries = contents.map(([name, body]) => ({
    header: { name, size: body.byteLength, mtime: new Date(0), mode: 0o644 },
    body,
  }));
  writeBytes(tarball, await packTar(entries));
}

function removeOldBlobs(folder: string, { documents, layers }: LayoutFiles): void {
  const blobs = join(folder, blobPath('sha256:'));
  const wanted = new Set(
    [...Object.keys(documents), ...Object.keys(layers)].map((it) => basename(it)),
  );
  if (!existsSync(blobs)) return;
  for (const name of readdirSync(blobs).filter((it) => !wanted.has(it))) rmSync(join(blobs, name));
}

/** A link, so that images share the bytes of their layers; a copy where the store is on another disk. */
function place(file: string, path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  try {
    linkSync(file, path);
  } catch {
    copyFileSync(file, path);
  }
}

function bare({ mediaType, digest, size }: Blob): Descriptor {
  return { mediaType, digest, size };
}

function json(document: object): Uint8Array {
  return Buffer.from(JSON.stringify(document));
}
