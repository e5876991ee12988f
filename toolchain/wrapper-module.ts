import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { productRoot } from '../lib/program/product-files.ts';

/** WrapperModule is one of our Go modules that pin the versions of third-party programs. */
export interface WrapperModule {
  readonly folder: string;
  readonly goMod: string;
  readonly goSum: string;
}

/** The wrapper module in a folder below this one. */
export function wrapperModule(name: string): WrapperModule {
  const folder = join(productRoot(), 'toolchain', 'modules', name);
  const [goMod, goSum] = ['go.mod', 'go.sum'].map((file) => join(folder, file));
  if (goMod === undefined || goSum === undefined || !existsSync(goMod) || !existsSync(goSum)) {
    throw new Error(`cannot find go.mod and go.sum in ${folder}: the checkout is incomplete`);
  }
  return { folder, goMod: readFileSync(goMod, 'utf8'), goSum: readFileSync(goSum, 'utf8') };
}

/** The module's own Go sources of a package such as `./cloud`: file names and texts, sorted. */
export function ownSources(module: WrapperModule, packagePath: string): readonly string[] {
  if (!packagePath.startsWith('./')) return [];
  const folder = join(module.folder, packagePath);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.go'))
    .toSorted()
    .flatMap((name) => [name, readFileSync(join(folder, name), 'utf8')]);
}
