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
import { writeWhole } from '@managed-cluster/toolchain';
import {
  blobPath,
  dockerManifest,
  imageConfig,
  imageIndex,
  imageManifest,
  layoutIndex,
  LAYOUT_MARK,
  MEDIA_TYPES,
  type Descriptor,
  type ImageSettings,
  type Platform,
} from './oci.ts';
import { documentOf, writeBytes, type Blob, type StoredLayer } from './store.ts';

/** LayoutFiles are all files of a layout by their path in it; layers are referenced, not read. */
interface LayoutFiles {
  readonly documents: Readonly<Record<string, Uint8Array>>;
  readonly layers: Readonly<Record<string, string>>;
}

/** Layout is an image with its documents. */
export interface Layout {
  /** The manifest, or the index of several. */
  readonly root: Descriptor;
  readonly files: LayoutFiles;
}

/** LayoutPart is an image for one platform. */
export interface LayoutPart {
  readonly settings: ImageSettings;
  readonly layers: readonly StoredLayer[];
}

/** All files of the layout of an image; several platforms have an index. */
export function layoutOf(reference: string, parts: readonly LayoutPart[]): Layout {
  const made = parts.map((part) => partOf(reference, part));
  const manifests = made.map(({ manifest, platform }) => ({ ...bare(manifest), platform }));
  const [first, ...others] = manifests;
  if (first === undefined) throw new Error(`${reference} has no platform`);
  const several = documentOf(MEDIA_TYPES.index, imageIndex(manifests));
  const root = others.length === 0 ? first : bare(several);
  const documents = {
    ...Object.assign({}, ...made.map((part) => part.documents)),
    ...(others.length === 0 ? {} : { [blobPath(several.digest)]: several.bytes }),
    'oci-layout': json(LAYOUT_MARK),
    'index.json': json(layoutIndex(root, reference)),
  };
  const layers = Object.assign({}, ...made.map((part) => part.layers));
  return { root, files: { documents, layers } };
}

/** LayoutPartFiles are the files of one platform in a layout. */
interface LayoutPartFiles extends LayoutFiles {
  readonly manifest: Blob;
  readonly platform: Platform;
}

function partOf(reference: string, { settings, layers }: LayoutPart): LayoutPartFiles {
  const descriptors = layers.map(({ layer }) => layer);
  const config = documentOf(MEDIA_TYPES.config, imageConfig(settings, descriptors));
  const manifest = documentOf(
    MEDIA_TYPES.manifest,
    imageManifest(bare(config), descriptors, settings.labels),
  );
  const files = layers.map(({ layer, file }) => [blobPath(layer.digest), file] as const);
  const documents = {
    [blobPath(config.digest)]: config.bytes,
    [blobPath(manifest.digest)]: manifest.bytes,
    'manifest.json': json(dockerManifest(config, descriptors, reference)),
  };
  const { platform } = settings;
  return { manifest, platform, documents, layers: Object.fromEntries(files) };
}

/**
 * Writes a layout as a folder, and the layouts of its platforms as tars, which `docker load`,
 * `ctr images import` and `crossplane xpkg build --embed-runtime-image-tarball` read. False when all
 * exist already.
 */
export async function writeLayout(
  { files }: Layout,
  folder: string,
  tarballs: ReadonlyMap<string, Layout>,
): Promise<boolean> {
  const { 'index.json': index = new Uint8Array(), ...documents } = files.documents;
  const last = join(folder, 'index.json');
  const isThere = [last, ...tarballs.keys()].every((file) => existsSync(file));
  if (isThere && readFileSync(last).equals(index)) return false;
  // Without its index a layout is invalid, so an interrupted build starts again.
  rmSync(last, { force: true });
  for (const [tarball, part] of tarballs) {
    // oxlint-disable-next-line no-await-in-loop -- one is in memory at a time
    await writeTarball(part.files, tarball);
  }
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

/** A hard link, so that images share the bytes of their layers; a copy when the store is on another disk. */
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
