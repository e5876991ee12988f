import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isKubeObject, type KubeObject } from '../lib/core/object.ts';
import { productRoot } from '../lib/program/product-files.ts';

/** packageObjects are the objects in the YAML files of a folder of `package/`, in order of names. */
export function packageObjects(folder: string): readonly KubeObject[] {
  const path = join(productRoot(), 'package', folder);
  const files = readdirSync(path).filter((file) => file.endsWith('.yaml'));
  return files.toSorted().flatMap((file) =>
    parseAllDocuments(readFileSync(join(path, file), 'utf8')).flatMap((document) => {
      const object: unknown = document.toJS();
      return isKubeObject(object) ? [object] : [];
    }),
  );
}
