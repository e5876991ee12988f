import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheKey, cacheRoot, prune, touch, writeWhole } from './cache.ts';
import { go } from './go.ts';
import { wrapperModule } from './wrapper-module.ts';

/** GoModule is a Go module in Go's module cache. */
interface GoModule {
  readonly Dir: string;
  /** Hash of its content as in go.sum: `h1:…`. */
  readonly Sum: string;
}

/**
 * The read-only folder of a Go module in Go's module cache, in the version that the go.mod of a wrapper
 * module (`capi`, `crossplane` …) selects; downloaded if it is missing. The path is cached, because Go needs
 * a second to look it up.
 */
export async function modulePath(
  wrapper: string,
  module: string,
  cache: string = cacheRoot(),
): Promise<string> {
  const { folder, goMod, goSum } = wrapperModule(wrapper);
  return remembered(join(cache, 'modules'), module, [goMod, goSum], async () => {
    const { Dir } = await download(module, folder);
    return Dir;
  });
}

/**
 * The folder of one Go module without its dependencies, for files that are not Go code. Because no go.sum
 * protects it, the caller passes its hash (`h1:…`). Fails when the content differs.
 */
export async function pinnedModulePath(
  module: { readonly path: string; readonly version: string; readonly sum: string },
  cache: string = cacheRoot(),
): Promise<string> {
  const { path, version, sum } = module;
  return remembered(join(cache, 'modules'), path, [version, sum], async () => {
    mkdirSync(cache, { recursive: true }); // a folder outside of every Go module
    const { Dir, Sum } = await download(`${path}@${version}`, cache);
    if (Sum === sum) return Dir;
    throw new Error(`cannot trust ${path} ${version}: its hash is ${Sum}, not ${sum}`);
  });
}

async function download(module: string, folder: string): Promise<GoModule> {
  const answer: unknown = JSON.parse(await go(['mod', 'download', '-json', module], folder));
  return answer as GoModule;
}

/** Caches the folder per key; an entry whose folder no longer exists (`go clean -modcache`) is ignored. */
async function remembered(
  folder: string,
  module: string,
  key: readonly string[],
  ask: () => Promise<string>,
): Promise<string> {
  const name = module.replaceAll('/', '_');
  const file = join(folder, `${name}-${cacheKey([module, ...key])}.txt`);
  if (touch(file)) {
    const known = readFileSync(file, 'utf8');
    if (existsSync(known)) return known;
  }
  const answer = await ask();
  writeWhole(file, answer);
  prune(folder, name, '.txt');
  return answer;
}
