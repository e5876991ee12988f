import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord } from '../core/object.ts';

/** Name in package.json, both in the repository and in an image, where package.json contains nothing else. */
const NAME = 'managed-cluster';

/**
 * productRoot returns the folder with the package.json of the product. It searches upwards, because
 * programs run from source, built, and as a single file in an image. Fails if the program was shipped
 * without it.
 */
export function productRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (manifestIn(folder)['name'] !== NAME) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new Error('cannot find package.json above the program: ship it with the program');
    }
    folder = parent;
  }
  return folder;
}

/** productVersion returns the version of the product, such as `0.1.0`; in an image, that of the image. */
export function productVersion(): string {
  const { version } = manifestIn(productRoot());
  if (typeof version !== 'string') throw new Error('cannot find a version in package.json');
  return version;
}

function manifestIn(folder: string): Readonly<Record<string, unknown>> {
  const path = join(folder, 'package.json');
  const content: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  return isRecord(content) ? content : {};
}
