import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isRecord, type KubeObject } from '../core/object.ts';
import { productRoot } from './product-files.ts';

/** parseObjects parses the objects of a YAML text; empty documents are skipped. */
export function parseObjects(text: string): readonly KubeObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw problem;
    const object: unknown = document.toJS();
    return isObject(object) ? [object] : [];
  });
}

/**
 * manifestFiles returns the YAML files of a folder of the product, ordered by name; for a file, the file
 * itself.
 */
export function manifestFiles(path: string): readonly string[] {
  if (path.endsWith('.yaml')) return [path];
  const names = readdirSync(join(productRoot(), path)).filter((name) => name.endsWith('.yaml'));
  return names.toSorted().map((name) => `${path}/${name}`);
}

/** objectsIn reads all objects of a product file, or of the files of a folder, ordered by file name. */
export function objectsIn(path: string): readonly KubeObject[] {
  return manifestFiles(path).flatMap((file) =>
    parseObjects(readFileSync(join(productRoot(), file), 'utf8')),
  );
}

function isObject(value: unknown): value is KubeObject {
  return isRecord(value) && 'kind' in value;
}
