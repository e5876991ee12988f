import { runCommand } from '@managed-cluster/toolchain';
import type { Cli } from './cli.ts';
import { differences } from './differences.ts';
import { expectedRender } from './expected-render.ts';
import { parseRendered } from './rendered.ts';
import { writeSituation, type Situation } from './situation.ts';

/** Verdict is one cell of the table. */
export type Verdict =
  | { readonly kind: 'Passed' }
  | { readonly kind: 'Failed'; readonly why: string }
  | { readonly kind: 'Skipped'; readonly why: string };

/** Tools are what every render needs. */
export interface Tools {
  /** Paths of binaries by name. */
  readonly binaries: Readonly<Record<string, string>>;
  /** Folder for files of this run. */
  readonly folder: string;
  /** Path of the Function object. */
  readonly functions: string;
}

/** How many differences are told of one render. */
const TOLD = 8;

/** Renders a situation with one line of the tool, and compares all of it with what is expected. */
export async function checkRender(
  cli: Cli,
  situation: Situation,
  { binaries, folder, functions }: Tools,
): Promise<Verdict> {
  const { input, answer } = situation;
  const why = cli.cannot(input);
  if (why !== undefined) return { kind: 'Skipped', why };
  const files = writeSituation(situation, `${folder}/${cli.name}`, functions);
  const args = cli.renderArguments(files, binaries['crossplane'] ?? '');
  const end = await runCommand(binaries[cli.binary] ?? '', args, folder);
  if (end.code !== 0) return { kind: 'Failed', why: `exit code ${end.code}: ${end.complaint}` };
  const expected = expectedRender(cli, input.composite, answer);
  const found = differences(expected, parseRendered(end.output, input.composite));
  return found.length === 0 ? { kind: 'Passed' } : { kind: 'Failed', why: toldOf(found) };
}

function toldOf(found: readonly string[]): string {
  const rest = found.length - TOLD;
  const end = rest > 0 ? [`and ${rest} more differences`] : [];
  return [...found.slice(0, TOLD), ...end].join('\n    ');
}
