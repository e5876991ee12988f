import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  cacheKey,
  cacheRoot,
  prune,
  temporaryName,
  touch,
  withLock,
} from '@managed-cluster/toolchain';
import { productRoot } from '../../lib/program/product-files.ts';

/** RootFileSystem is a Debian for an image, with the changes of one of our scripts. */
export interface RootFileSystem {
  /** Folder beside this file: `packages.txt` has the packages, `prepare.sh` is run on the fresh Debian. */
  readonly folder: string;
  /** Seconds that it took on two busy cores: an estimate to tell the user. */
  readonly seconds: number;
}

/** The release of Debian; containerd and systemd of the nodes come from it. */
const SUITE = 'bookworm';

/** ROOT_FILE_SYSTEMS are those of the nodes and of the load balancer before their API servers. */
export const ROOT_FILE_SYSTEMS = {
  node: { folder: 'node', seconds: 90 },
  'load-balancer': { folder: 'load-balancer', seconds: 55 },
} as const satisfies Readonly<Record<string, RootFileSystem>>;

/** RootFileSystemName is a key of {@link ROOT_FILE_SYSTEMS}. */
export type RootFileSystemName = keyof typeof ROOT_FILE_SYSTEMS;

/** The output folder of tar files, and the callback for progress. */
interface Options {
  readonly progress?: (line: string) => void;
  /** Folder of the cache; see `cacheRoot`. */
  readonly cache?: string;
}

/**
 * ensureRootFileSystems are the paths of tar files; those that are not in the cache are built from Debian
 * packages with debootstrap, which needs root and the network.
 */
export async function ensureRootFileSystems(
  options: Options = {},
): Promise<Readonly<Record<RootFileSystemName, string>>> {
  const folder = join(options.cache ?? cacheRoot(), 'debian');
  mkdirSync(folder, { recursive: true });
  const entries: readonly [string, RootFileSystem][] = Object.entries(ROOT_FILE_SYSTEMS);
  const paths = entries.map(([name, spec]): readonly [string, RootFileSystem, string] => {
    const key = cacheKey([SUITE, sourcesOf(spec)]);
    return [name, spec, join(folder, `${name}-${key}.tar`)];
  });
  if (!paths.every(([, , path]) => touch(path))) {
    await withLock(join(folder, 'lock'), async () => {
      for (const [name, spec, path] of paths) {
        if (touch(path)) continue;
        options.progress?.(`Debian for ${name}: up to ${spec.seconds} s …`);
        // oxlint-disable-next-line no-await-in-loop -- each takes a core and the network
        await make(spec, path);
        prune(folder, name, '.tar');
      }
    });
  }
  return Object.fromEntries(paths.map(([name, , path]) => [name, path])) as Readonly<
    Record<RootFileSystemName, string>
  >;
}

/** The files beside this one that a root file system is prepared with. */
export function realFolder(name: string): string {
  return join(productRoot(), 'testbed', 'real', name);
}

function sourcesOf({ folder }: RootFileSystem): readonly string[] {
  const path = realFolder(folder);
  const files = readdirSync(path).toSorted();
  return files.flatMap((name) => [name, readFileSync(join(path, name), 'utf8')]);
}

async function make({ folder }: RootFileSystem, path: string): Promise<void> {
  const packages = readFileSync(join(realFolder(folder), 'packages.txt'), 'utf8').trim();
  const root = mkdtempSync(`${path}.`);
  try {
    await run('debootstrap', [
      '--variant=minbase',
      `--include=${packages.replaceAll('\n', ',')}`,
      SUITE,
      root,
    ]);
    await run('bash', [join(realFolder(folder), 'prepare.sh'), root]);
    const tar = temporaryName(path);
    await run('tar', ['--sort=name', '--numeric-owner', '-C', root, '-cf', tar, '.']);
    renameSync(tar, path);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function run(command: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(command, args, { maxBuffer: 64 * 1024 * 1024 });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { readonly stdout?: string; stderr?: string };
    const tail = `${stdout}${stderr}`.trimEnd().split('\n').slice(-10).join('\n');
    throw new Error(`cannot build a root file system: ${command} failed:\n${tail}`, { cause });
  }
}
