import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ALL_ARCHITECTURES, type Architecture } from '../images/architecture.ts';
import { parseObjects } from '../../lib/program/manifests.ts';
import { packageFiles, type PackageSource } from './package-sources.ts';
import { succeed } from './succeed.ts';

/** PackageBuild says what to build a package with; all paths are absolute. */
export interface PackageBuild {
  /** Crossplane's command line tool. */
  readonly cli: string;
  /** Root of the repository. */
  readonly root: string;
  /** File of the package, `*.xpkg`. */
  readonly file: string;
  /** Folder with a tarball, as of `docker save`, of each program; absent: built without them. */
  readonly images: string | undefined;
  /** Of the program, where the folder has a tarball for each of several. */
  readonly architecture?: Architecture | undefined;
}

/**
 * buildPackage builds a package with Crossplane's own tool, which checks it too, and reads it back.
 * Resolves with what the package holds, as `<kind> <name>`.
 *
 * @throws Error when an image is missing, when the tool refuses the package, and when the package does
 * not hold what it was built from
 */
export async function buildPackage(
  source: PackageSource,
  build: PackageBuild,
): Promise<readonly string[]> {
  const image = imageOf(source, build);
  const files = packageFiles(build.root, source);
  const wanted = files.flatMap((file) => namesIn(readFileSync(join(build.root, file), 'utf8')));
  const folder = mkdtempSync(join(tmpdir(), 'managed-cluster-xpkg-'));
  try {
    stage(files, build.root, folder);
    await succeed(build.cli, buildArguments(folder, build.file, image), folder);
    const held = await contentOf(build, folder);
    if (!isDeepStrictEqual(held.toSorted(), wanted.toSorted())) {
      throw new Error(`${build.file} holds ${held.join(', ')} instead of ${wanted.join(', ')}`);
    }
    return held;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * For which architectures there are images of a package's program in a folder: a package is built for
 * each. That of a folder with one image, and of a package that runs nothing, is absent.
 */
export function packageArchitectures(
  { runtime }: PackageSource,
  images: string | undefined,
): readonly (Architecture | undefined)[] {
  if (runtime === undefined || images === undefined) return [undefined];
  const several = ALL_ARCHITECTURES.filter((name) =>
    existsSync(join(images, `${runtime}-${name}.tar`)),
  );
  return several.length === 0 ? [undefined] : several;
}

function imageOf(
  { name, runtime }: PackageSource,
  { images, architecture }: PackageBuild,
): string | undefined {
  if (runtime === undefined || images === undefined) return undefined;
  const file = join(images, `${[runtime, architecture].filter(Boolean).join('-')}.tar`);
  if (existsSync(file)) return file;
  throw new Error(`there is no ${file}: ${name} needs it, as of docker save`);
}

/** Crossplane's tool wants one folder. XRDs and Compositions have the same names: the folder's goes first. */
function stage(files: readonly string[], root: string, folder: string): void {
  mkdirSync(join(folder, 'sources'));
  for (const file of files) {
    const metadata = basename(file) === 'crossplane.yaml';
    const name = metadata ? 'crossplane.yaml' : file.replaceAll('/', '-');
    copyFileSync(join(root, file), join(folder, 'sources', name));
  }
}

/** The tool takes the examples of where it happens to run, unless it is told of others: here, of none. */
function buildArguments(folder: string, file: string, image?: string): readonly string[] {
  return [
    'xpkg',
    'build',
    `--package-root=${join(folder, 'sources')}`,
    `--examples-root=${join(folder, 'no-examples')}`,
    `--package-file=${file}`,
    ...(image === undefined ? [] : [`--embed-runtime-image-tarball=${image}`]),
  ];
}

async function contentOf({ cli, file }: PackageBuild, folder: string): Promise<readonly string[]> {
  const content = join(folder, 'content.gz');
  await succeed(cli, ['xpkg', 'extract', file, '--from-xpkg', `--output=${content}`], folder);
  return namesIn(gunzipSync(readFileSync(content)).toString('utf8'));
}

function namesIn(text: string): readonly string[] {
  return parseObjects(text).map(({ kind, metadata }) => `${kind} ${metadata.name ?? ''}`);
}
