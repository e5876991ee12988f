import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { cacheKey, prune, temporaryName, touch, writeWhole } from '@managed-cluster/toolchain';
import { isRecord } from '../../lib/core/object.ts';
import { packLayer, type Layer } from './layer.ts';
import { MEDIA_TYPES, type Descriptor, type LayerDescriptor } from './oci.ts';

/** Blob is a blob with its bytes. */
export interface Blob extends Descriptor {
  readonly bytes: Uint8Array;
}

/** StoredLayer is a layer with its compressed file. */
export interface StoredLayer {
  readonly layer: LayerDescriptor;
  readonly file: string;
}

/** Part of each key: increment it when the layer for the same files changes. */
const FORMAT = 1;

const SUFFIXES = { blob: '.tar.gz', descriptor: '.json' } as const;

/** A descriptor of bytes. */
export function blobOf(mediaType: string, bytes: Uint8Array): Blob {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength, bytes };
}

/** The bytes of a JSON document, and their descriptor. */
export function documentOf(mediaType: string, document: object): Blob {
  return blobOf(mediaType, Buffer.from(JSON.stringify(document)));
}

/**
 * The layer from the store; if it does not exist, it is packed and compressed, which takes about 2 s for
 * 100 MB. The caller must hold the lock of the store. `told` reports the work.
 */
export async function storedLayer(
  layer: Layer,
  store: string,
  told: (line: string) => void,
): Promise<StoredLayer> {
  const base = join(store, `${layer.name}-${keyOf(layer)}`);
  const [file, record] = [base + SUFFIXES.blob, base + SUFFIXES.descriptor];
  const known = touch(file) && touch(record) ? recorded(record) : undefined;
  if (known && statSync(file).size === known.size) return { layer: known, file };
  told(`packing layer ${layer.name} …`);
  const tar = await packLayer(layer);
  const bytes = await promisify(gzip)(tar);
  const { mediaType, digest, size } = blobOf(MEDIA_TYPES.layer, bytes);
  const made = { name: layer.name, mediaType, digest, size, diffId: digestOf(tar) };
  writeBytes(file, bytes);
  writeWhole(record, JSON.stringify(made));
  for (const suffix of Object.values(SUFFIXES)) prune(store, layer.name, suffix);
  return { layer: made, file };
}

/** Writes a file atomically; read-only, because layouts may link to it. */
export function writeBytes(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = temporaryName(file);
  writeFileSync(temporary, bytes, { mode: 0o444 });
  renameSync(temporary, file);
}

/** Another zlib may compress the same files to different bytes. */
function keyOf({ files, folders = {} }: Layer): string {
  const contents = files.map(({ path, mode, content }) => [path, mode, digestOf(content)]);
  return cacheKey([FORMAT, process.versions.zlib, contents, folders]);
}

function recorded(file: string): LayerDescriptor | undefined {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return isLayerDescriptor(value) ? value : undefined;
}

function isLayerDescriptor(value: unknown): value is LayerDescriptor {
  if (!isRecord(value) || typeof value['size'] !== 'number') return false;
  return ['name', 'mediaType', 'digest', 'diffId'].every((key) => typeof value[key] === 'string');
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
