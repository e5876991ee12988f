import { mkdirSync, renameSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, prune, removeLeftovers, temporaryName, touch } from './cache.ts';
import { goVersionOf } from './go-mod.ts';
import { goBuild, goTarget, type GoTarget } from './go.ts';
import { withLock } from './lock.ts';
import { announcement, buildArguments, planBuild, turnLine, type Build } from './plan.ts';
import { BINARIES, type BinaryName, type BinarySpec } from './table.ts';
import { ownSources, wrapperModule, type WrapperModule } from './wrapper-module.ts';

/** BuildOptions are the output folder, the architecture and the callback for progress. */
export interface BuildOptions {
  /** Called with a line for each binary that is built. */
  readonly progress?: (line: string) => void;
  /** Folder of the cache; see `cacheRoot`. */
  readonly cache?: string;
  /** Target architecture in Go's terms; by default the architecture of this machine. */
  readonly architecture?: string;
}

/**
 * Paths of the named binaries. Binaries that are not in the cache are built from the wrapper modules in
 * modules/: once per machine, which takes minutes for each while Go's caches are empty. An error has the end
 * of Go's output and the command to repeat the build.
 */
export async function ensureBinaries<N extends BinaryName>(
  names: readonly N[],
  options: BuildOptions = {},
): Promise<Readonly<Record<N, string>>> {
  const folder = join(options.cache ?? cacheRoot(), 'bin');
  const builds = await planAll(names, folder, options.architecture);
  if (builds.some(({ path }) => !touch(path))) {
    const progress = options.progress ?? (() => undefined);
    mkdirSync(folder, { recursive: true });
    await withLock(
      join(folder, 'lock'),
      () => buildMissing(builds, folder, progress),
      (holder) => progress(`waiting for ${holder}, which is building binaries into ${folder} …`),
    );
  }
  return Object.fromEntries(builds.map(({ name, path }) => [name, path])) as Record<N, string>;
}

/** In the order of the table, so that each build reuses most of the compiled packages. */
async function planAll(
  names: readonly string[],
  folder: string,
  architecture: string | undefined,
): Promise<readonly Build[]> {
  const modules = new Map<string, WrapperModule>();
  const targets = new Map<string, Promise<GoTarget>>();
  const entries: readonly [string, BinarySpec][] = Object.entries(BINARIES);
  const chosen = entries.filter(([name]) => names.includes(name));
  return Promise.all(
    chosen.map(async ([name, spec]) => {
      const module = modules.get(spec.module) ?? wrapperModule(spec.module);
      modules.set(spec.module, module);
      const goVersion = goVersionOf(module.goMod);
      const asked = targets.get(goVersion) ?? goTarget(module.folder, module.goMod);
      targets.set(goVersion, asked);
      const sources = ownSources(module, spec.package);
      return planBuild({ name, spec, module, sources, target: await asked, folder, architecture });
    }),
  );
}

async function buildMissing(
  builds: readonly Build[],
  folder: string,
  progress: (line: string) => void,
): Promise<void> {
  removeLeftovers(folder);
  const missing = builds.filter(({ path }) => !touch(path)); // another process may have built some
  const { bavail, bsize } = statfsSync(folder);
  if (missing.length > 1) progress(announcement(missing, folder, bavail * bsize));
  for (const [index, build] of missing.entries()) {
    const begin = performance.now();
    progress(turnLine(build, index + 1, missing.length));
    // oxlint-disable-next-line no-await-in-loop -- one build uses all cores already
    await buildOne(build);
    progress(`built ${build.name} in ${Math.round((performance.now() - begin) / 1000)} s`);
    prune(folder, build.file);
  }
}

async function buildOne(build: Build): Promise<void> {
  const output = temporaryName(build.path);
  try {
    await goBuild(buildArguments(build, output), build.folder, build.variables);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot build ${build.name} ${build.version}: ${reason}`, { cause });
  }
  renameSync(output, build.path);
}
