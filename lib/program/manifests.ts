import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isRecord, type KubeObject } from '../core/object.ts';
import { productRoot } from './product-files.ts';

/** parseObjects reads the objects of a YAML text; empty documents are left out. */
export function parseObjects(text: string): readonly KubeObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw problem;
    const object: unknown = document.toJS();
    return isObject(object) ? [object] : [];
  });
}

/** manifestFiles are the YAML files of a folder of the product, in order of names; a file is its own. */
export function manifestFiles(path: string): readonly string[] {
  if (path.endsWith('.yaml')) return [path];
  const names = readdirSync(join(productRoot(), path)).filter((name) => name.endsWith('.yaml'));
  return names.toSorted().map((name) => `${path}/${name}`);
}

/** objectsIn reads all objects of a file of the product, or of the files of a folder, in order of names. */
export function objectsIn(path: string): readonly KubeObject[] {
  return manifestFiles(path).flatMap((file) =>
    parseObjects(readFileSync(join(productRoot(), file), 'utf8')),
  );
}

function isObject(value: unknown): value is KubeObject {
  return isRecord(value) && 'kind' in value;
}
