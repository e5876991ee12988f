import { join } from 'node:path';
import { cacheKey } from './cache.ts';
import { requiredVersion } from './go-mod.ts';
import type { GoTarget } from './go.ts';
import { linkerFlags, type BinarySpec } from './table.ts';
import type { WrapperModule } from './wrapper-module.ts';

/** Build is one binary with all that decides its content. */
export interface Build {
  readonly name: string;
  /** What it is called in the cache, before its key. */
  readonly file: string;
  readonly version: string;
  readonly spec: BinarySpec;
  /** Folder of the wrapper module. */
  readonly folder: string;
  readonly linkerFlags: string;
  /** Environment variables of the build. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where the binary is, or will be. */
  readonly path: string;
}

/** BuildInputs are what a binary is made of. */
export interface BuildInputs {
  readonly name: string;
  readonly spec: BinarySpec;
  readonly module: WrapperModule;
  /** Own Go sources of the package; empty for a foreign one, which go.sum pins. */
  readonly sources: readonly string[];
  readonly target: GoTarget;
  /** Folder of all binaries. */
  readonly folder: string;
  /** In the words of Go; that of the target when absent. */
  readonly architecture?: string | undefined;
}

/** Stands for the version of a program of ours, which no release has. */
const OWN = 'v0.0.0';

/** Plans a binary: its file name changes with everything that its content depends on. */
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
  // Of each name the cache keeps a few only: those of another machine must not push ours out.
  const file = isForeign(inputs) ? `${name}-${inputs.architecture}` : name;
  const path = join(folder, `${file}-${key}`);
  return { name, file, version, spec, folder: module.folder, linkerFlags: flags, variables, path };
}

/** Whether a binary is for another machine than this; such a one must need no C library. */
function isForeign({ name, spec, target, architecture }: BuildInputs): boolean {
  if (architecture === undefined || architecture === target.GOARCH) return false;
  if (spec.static === true) return true;
  throw new Error(`${name} needs a C library, so it cannot be built for ${architecture} here`);
}

/** Arguments of `go build` for a planned binary; GOFLAGS of the environment stay in force. */
export function buildArguments({ linkerFlags: flags, spec }: Build, output: string): string[] {
  // A checkout of another user is no reason to fail: nothing of ours is stamped into the binary.
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

/** Disk that Go's caches grew by for each second of cold building: 14 GB, where they take 1000 s at most (docs/real-nodes.md). */
const GIGABYTES_PER_SECOND = 14 / 1000;

/** What to tell before several binaries are built. */
export function announcement(builds: readonly Build[], folder: string, freeBytes: number): string {
  const seconds = builds.reduce((sum, { spec }) => sum + spec.coldSeconds, 0);
  const gigabytes = Math.ceil(seconds * GIGABYTES_PER_SECOND);
  const free = Math.floor(freeBytes / 1e9);
  return (
    `building ${builds.length} binaries into ${folder}, once: up to ${minutes(seconds)} on two cores and ` +
    `${gigabytes} GB for Go's caches when those are empty (${free} GB are free), seconds when they are not`
  );
}

/** What to tell when a binary's turn has come; `position` counts from one. */
export function turnLine(build: Build, position: number, count: number): string {
  const { file, version, spec } = build;
  return `building ${file} ${version} (${position} of ${count}, up to ${minutes(spec.coldSeconds)}) …`;
}

function minutes(seconds: number): string {
  return seconds < 60 ? '1 min' : `${Math.ceil(seconds / 60)} min`;
}
