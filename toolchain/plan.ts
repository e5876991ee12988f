import { join } from 'node:path';
import { cacheKey } from './cache.ts';
import { requiredVersion } from './go-mod.ts';
import type { GoTarget } from './go.ts';
import { linkerFlags, type BinarySpec } from './table.ts';
import type { WrapperModule } from './wrapper-module.ts';

/** Build is one binary with all inputs of its content. */
export interface Build {
  readonly name: string;
  /** Name in the cache, without the key. */
  readonly file: string;
  readonly version: string;
  readonly spec: BinarySpec;
  /** Folder of the wrapper module. */
  readonly folder: string;
  readonly linkerFlags: string;
  /** Environment variables of the build. */
  readonly variables: Readonly<Record<string, string>>;
  /** Path of the binary, before and after the build. */
  readonly path: string;
}

/** BuildInputs are the inputs of a binary. */
export interface BuildInputs {
  readonly name: string;
  readonly spec: BinarySpec;
  readonly module: WrapperModule;
  /** Our Go sources of the package; empty for a third-party package, which go.sum pins. */
  readonly sources: readonly string[];
  readonly target: GoTarget;
  /** Folder of all binaries. */
  readonly folder: string;
  /** In Go's terms; the architecture of the target by default. */
  readonly architecture?: string | undefined;
}

/** The version of our own programs, which have no releases. */
const OWN = 'v0.0.0';

/** Plans a binary: its file name depends on all inputs of its content. */
export function planBuild(inputs: BuildInputs): Build {
  const { name, spec, module, sources, target, folder } = inputs;
  const { stamps, versionOf } = spec;
  const version = versionOf === undefined ? OWN : requiredVersion(module.goMod, versionOf);
  const flags = linkerFlags(stamps, version);
  const { goMod, goSum } = module;
  const foreign = isForeign(inputs) ? { GOARCH: inputs.architecture ?? '' } : {};
  const variables = { ...(spec.static === true ? { CGO_ENABLED: '0' } : {}), ...foreign };
  const made = { ...target, ...variables };
  const key = cacheKey([spec.package, flags, made, goMod, goSum, sources]);
  // The cache keeps few entries per name: binaries for other architectures must not evict ours.
  const file = isForeign(inputs) ? `${name}-${inputs.architecture}` : name;
  const path = join(folder, `${file}-${key}`);
  return { name, file, version, spec, folder: module.folder, linkerFlags: flags, variables, path };
}

/** Whether a binary is for another architecture, which requires a build without cgo. */
function isForeign({ name, spec, target, architecture }: BuildInputs): boolean {
  if (architecture === undefined || architecture === target.GOARCH) return false;
  if (spec.static === true) return true;
  throw new Error(`${name} needs a C library, so it cannot be cross-compiled for ${architecture}`);
}

/** Arguments of `go build` for a planned binary; GOFLAGS of the environment still apply. */
export function buildArguments({ linkerFlags: flags, spec }: Build, output: string): string[] {
  // VCS stamping fails in a checkout of another user, and is not needed.
  return [
    '-mod=readonly',
    '-buildvcs=false',
    '-trimpath',
    '-ldflags',
    flags,
    '-o',
    output,
    spec.package,
  ];
}

/** Growth of Go's caches per second of a cold build: 14 GB in at most 1000 s (docs/real-nodes.md). */
const GIGABYTES_PER_SECOND = 14 / 1000;

/** The progress message before several binaries are built. */
export function announcement(builds: readonly Build[], folder: string, freeBytes: number): string {
  const seconds = builds.reduce((sum, { spec }) => sum + spec.coldSeconds, 0);
  const gigabytes = Math.ceil(seconds * GIGABYTES_PER_SECOND);
  const free = Math.floor(freeBytes / 1e9);
  return (
    `building ${builds.length} binaries into ${folder} (only once): with empty Go caches this takes up to ` +
    `${minutes(seconds)} on two cores and ${gigabytes} GB of disk (${free} GB are free), otherwise seconds`
  );
}

/** The progress message for one binary; `position` starts at one. */
export function turnLine(build: Build, position: number, count: number): string {
  const { file, version, spec } = build;
  return `building ${file} ${version} (${position} of ${count}, up to ${minutes(spec.coldSeconds)}) …`;
}

function minutes(seconds: number): string {
  return seconds < 60 ? '1 min' : `${Math.ceil(seconds / 60)} min`;
}
