import type { BinaryName } from '@managed-cluster/toolchain';
import type { RenderInput } from '../../render/render-case.ts';

/** CliName is a line of Crossplane's command line tool that users have. */
export type CliName = 'v1.14' | 'v1.16' | 'v1.20' | 'v2.5';

/** RenderFiles are the files that a render is made from, by path. */
export interface RenderFiles {
  readonly composite: string;
  readonly composition: string;
  readonly functions: string;
  readonly definition: string;
  readonly observed?: string;
  readonly required?: string;
}

/** Cli is what one line of the tool is called with, and what it can show (facts/crossplane-runs.md 8). */
export interface Cli {
  readonly name: CliName;
  readonly binary: BinaryName;
  /** Arguments that render; `core` is the path of Crossplane's core. */
  readonly renderArguments: (files: RenderFiles, core: string) => readonly string[];
  /** Conditions that it prints: none, only its own Ready, or ours too. */
  readonly conditions: 'none' | 'ready' | 'all';
  /** Whether the real reconciler runs in it, with events, resourceRefs and its own conditions. */
  readonly reconciles: boolean;
  /** Why it cannot render a situation; undefined when it can. */
  readonly cannot: (input: RenderInput) => string | undefined;
}

/** All lines of the tool, oldest first. */
export const CLIS: readonly Cli[] = [
  {
    name: 'v1.14',
    binary: 'crossplane-cli-v1.14',
    renderArguments: (files) => ['beta', 'render', ...plain(files)],
    conditions: 'none',
    reconciles: false,
    cannot: ({ required }) =>
      required.length === 0 ? undefined : 'v1.14 has no flag for required resources',
  },
  {
    name: 'v1.16',
    binary: 'crossplane-cli-v1.16',
    renderArguments: (files) => ['beta', 'render', ...withRequired(files)],
    conditions: 'ready',
    reconciles: false,
    cannot: () => undefined,
  },
  {
    name: 'v1.20',
    binary: 'crossplane-cli-v1.20',
    renderArguments: (files) => ['render', ...withRequired(files)],
    conditions: 'all',
    reconciles: false,
    cannot: () => undefined,
  },
  {
    name: 'v2.5',
    binary: 'crossplane-cli-v2.5',
    renderArguments: (files, core) => [
      'composition',
      'render',
      ...withRequired(files),
      '--crossplane-binary',
      core,
      '--xrd',
      files.definition,
    ],
    conditions: 'all',
    reconciles: true,
    cannot: () => undefined,
  },
];

/** The newest line; it can validate, too. */
export const NEWEST: CliName = 'v2.5';

/** What is rendered with when nothing else is asked for: the oldest with everything, and the newest. */
export const DEFAULT_CLIS: readonly CliName[] = ['v1.16', NEWEST];

/** The same for every line. */
function plain({ composite, composition, functions, observed }: RenderFiles): readonly string[] {
  const given = observed === undefined ? [] : ['--observed-resources', observed];
  return [composite, composition, functions, ...given, '--include-function-results'];
}

/** The short flag stayed when --extra-resources became --required-resources. */
function withRequired(files: RenderFiles): readonly string[] {
  return [...plain(files), ...(files.required === undefined ? [] : ['-e', files.required])];
}
