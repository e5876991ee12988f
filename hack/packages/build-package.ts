import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ALL_ARCHITECTURES, type Architecture } from '../images/architecture.ts';
import { parseObjects } from '../../lib/program/manifests.ts';
import { packageFiles, type PackageSource } from './package-sources.ts';
import { succeed } from './succeed.ts';

/** PackageBuild is the input of a package build; all paths are absolute. */
export interface PackageBuild {
  /** Path of the Crossplane CLI. */
  readonly cli: string;
  /** Root of the repository. */
  readonly root: string;
  /** Output file, `*.xpkg`. */
  readonly file: string;
  /** Folder with a `docker save` tarball of each program; absent: built without programs. */
  readonly images: string | undefined;
  /** Architecture of the program, if the folder has a tarball per architecture. */
  readonly architecture?: Architecture | undefined;
}

/**
 * buildPackage builds a package with the Crossplane CLI, which also validates it, and reads it back.
 * Returns the objects in the package, as `<kind> <name>`.
 *
 * @throws Error when an image is missing, when the CLI rejects the package, or when the package does not
 * contain its sources
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
      throw new Error(`${build.file} contains ${held.join(', ')} instead of ${wanted.join(', ')}`);
    }
    return held;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The architectures of the images of a package's program in a folder: a package is built for each. The
 * architecture is undefined for a folder with one image, and for a package without a program.
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
  throw new Error(`${file} does not exist: ${name} needs it, in the format of docker save`);
}

/** The Crossplane CLI needs one folder. XRDs and Compositions have equal names, so the folder becomes a prefix. */
function stage(files: readonly string[], root: string, folder: string): void {
  mkdirSync(join(folder, 'sources'));
  for (const file of files) {
    const metadata = basename(file) === 'crossplane.yaml';
    const name = metadata ? 'crossplane.yaml' : file.replaceAll('/', '-');
    copyFileSync(join(root, file), join(folder, 'sources', name));
  }
}

/** By default the CLI includes examples from its working directory; an empty folder prevents this. */
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
