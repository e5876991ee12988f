import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheKey, cacheRoot, prune, touch, writeWhole } from '@managed-cluster/toolchain';
import type { KubeObject } from '../../lib/core/object.ts';
import { parseObjects } from '../../lib/program/manifests.ts';
import { substitute } from './edits.ts';

/** KustomizeOptions are the options to render manifests. */
export interface KustomizeOptions {
  /** Path of kubectl, which has kustomize built in. */
  readonly kubectl: string;
  /** Values for variables such as `${NAME:=default}`; a default stands when there is none. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Folder of the cache; see `cacheRoot`. */
  readonly cache?: string;
}

/**
 * The objects of kustomize folders, one list a folder, in kustomize's order. The folders must be of
 * Go's module cache: what was rendered once is kept under their names, which carry the version.
 */
export async function kustomized(
  name: string,
  folders: readonly string[],
  options: KustomizeOptions,
): Promise<readonly (readonly KubeObject[])[]> {
  const cache = join(options.cache ?? cacheRoot(), 'manifests');
  const { variables = {} } = options;
  const file = join(cache, `${name}-${cacheKey([folders, variables])}.json`);
  if (touch(file)) {
    return JSON.parse(readFileSync(file, 'utf8')) as readonly (readonly KubeObject[])[];
  }
  const texts = await Promise.all(folders.map((folder) => kustomize(options.kubectl, folder)));
  const objects = texts.map((text) => parseObjects(substitute(text, variables)));
  writeWhole(file, JSON.stringify(objects));
  prune(cache, name, '.json');
  return objects;
}

async function kustomize(kubectl: string, folder: string): Promise<string> {
  const { stdout } = await promisify(execFile)(kubectl, ['kustomize', folder], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
