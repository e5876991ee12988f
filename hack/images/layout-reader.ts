import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../../lib/core/object.ts';
import { blobPath, type Descriptor } from './oci.ts';

/** Manifest is a document that a registry stores as a manifest, not as a blob. */
export interface Manifest extends Descriptor {
  readonly bytes: Uint8Array;
}

/** LayoutImage is the one image of a layout. */
export interface LayoutImage {
  /** The manifest, or the index of several. */
  readonly root: Manifest;
  /** The manifests of an index. */
  readonly manifests: readonly Manifest[];
  /** Layers and configurations without duplicates. */
  readonly blobs: readonly Descriptor[];
}

/** The only image of an OCI image layout. Fails when the layout has none or several. */
export function readLayout(layout: string): LayoutImage {
  const index = parsed(readFileSync(join(layout, 'index.json')));
  const [root, ...others] = descriptorsIn(index['manifests']);
  if (root === undefined || others.length > 0) {
    throw new Error(`${layout} must contain one image, not ${others.length + (root ? 1 : 0)}`);
  }
  const whole = manifestOf(layout, root);
  const named = descriptorsIn(parsed(whole.bytes)['manifests']);
  const manifests = named.map((descriptor) => manifestOf(layout, descriptor));
  const all = manifests.length === 0 ? [whole] : manifests;
  const blobs = all.flatMap(({ bytes }) => {
    const { config, layers } = parsed(bytes);
    return [...descriptorsIn(layers), ...descriptorsIn([config])];
  });
  const each = new Map(blobs.map((blob) => [blob.digest, blob]));
  return { root: whole, manifests, blobs: [...each.values()] };
}

function manifestOf(layout: string, descriptor: Descriptor): Manifest {
  return { ...descriptor, bytes: readBlob(layout, descriptor) };
}

/** The bytes of a blob of a layout. */
export function readBlob(layout: string, { digest }: Descriptor): Buffer {
  return readFileSync(join(layout, blobPath(digest)));
}

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString());
  return isRecord(value) ? value : {};
}

function descriptorsIn(value: unknown): readonly Descriptor[] {
  return Array.isArray(value) ? value.filter(isDescriptor) : [];
}

function isDescriptor(value: unknown): value is Descriptor {
  if (!isRecord(value) || typeof value['size'] !== 'number') return false;
  return typeof value['mediaType'] === 'string' && typeof value['digest'] === 'string';
}
