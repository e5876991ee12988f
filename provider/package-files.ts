import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { isRecord } from '../lib/core/conditions.ts';
import type { KubeObject } from '../lib/core/object.ts';

/** packageObjects are the objects in the YAML files of a folder of `package/`, in order of names. */
export function packageObjects(folder: string): readonly KubeObject[] {
  const path = join(programRoot(), 'package', folder);
  const files = readdirSync(path).filter((file) => file.endsWith('.yaml'));
  return files.toSorted().flatMap((file) =>
    parseAllDocuments(readFileSync(join(path, file), 'utf8')).flatMap((document) => {
      const object: unknown = document.toJS();
      return isObject(object) ? [object] : [];
    }),
  );
}

/** productVersion is the version of the product, such as `0.1.0`. */
export function productVersion(): string {
  const content: unknown = JSON.parse(readFileSync(join(programRoot(), 'package.json'), 'utf8'));
  const version = isRecord(content) ? content['version'] : undefined;
  if (typeof version !== 'string') throw new Error('cannot find a version in package.json');
  return version;
}

/** The folder that holds package.json and package/: searched upwards, for programs run built and from source. */
function programRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) || !existsSync(join(folder, 'package'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new Error(
        'cannot find package.json and package/ above the provider: ship them with it',
      );
    }
    folder = parent;
  }
  return folder;
}

function isObject(value: unknown): value is KubeObject {
  return isRecord(value) && 'apiVersion' in value && 'kind' in value && isRecord(value['metadata']);
}
