import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../../lib/core/conditions.ts';
import { blobPath, type Descriptor } from './oci.ts';

/** LayoutImage is the one image of a layout. */
export interface LayoutImage {
  readonly manifest: Descriptor & { readonly bytes: Uint8Array };
  /** Its layers and its configuration. */
  readonly blobs: readonly Descriptor[];
}

/** The one image of an OCI image layout, whoever wrote it. Fails when it has none, or several. */
export function readLayout(layout: string): LayoutImage {
  const index = parsed(readFileSync(join(layout, 'index.json')));
  const [manifest, ...others] = descriptorsIn(index['manifests']);
  if (manifest === undefined || others.length > 0) {
    throw new Error(`${layout} must hold one image, not ${others.length + (manifest ? 1 : 0)}`);
  }
  const bytes = readBlob(layout, manifest);
  const { config, layers } = parsed(bytes);
  return {
    manifest: { ...manifest, bytes },
    blobs: [...descriptorsIn(layers), ...descriptorsIn([config])],
  };
}

/** The bytes of a blob of a layout. */
export function readBlob(layout: string, { digest }: Descriptor): Buffer {
  return readFileSync(join(layout, blobPath(digest)));
}

function parsed(bytes: Buffer): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(bytes.toString());
  return isRecord(value) ? value : {};
}

function descriptorsIn(value: unknown): readonly Descriptor[] {
  return Array.isArray(value) ? value.filter(isDescriptor) : [];
}

function isDescriptor(value: unknown): value is Descriptor {
  if (!isRecord(value) || typeof value['size'] !== 'number') return false;
  return typeof value['mediaType'] === 'string' && typeof value['digest'] === 'string';
}
