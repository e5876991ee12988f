import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RENDER_FOLDER, type RenderCase } from './render-case.ts';

const README = join(RENDER_FOLDER, 'README.md');
const BEGIN = '<!-- cases: written by UPDATE_EXPECTED=1 -->\n\n';
const END = '\n<!-- end of cases -->';

/** The list of cases as the README shall have it: what each is about, in the order of reading. */
export function caseIndex(cases: readonly RenderCase[]): string {
  return cases.map(({ name, sentence }) => `- [${name}](cases/${name}): ${sentence}\n`).join('');
}

/** The list of cases as the README has it. */
export function readCaseIndex(): string {
  const { index } = parts();
  return index;
}

/** Writes the list of cases into the README. */
export function writeCaseIndex(cases: readonly RenderCase[]): void {
  const { before, after } = parts();
  writeFileSync(README, `${before}${caseIndex(cases)}${after}`);
}

function parts(): { readonly before: string; readonly index: string; readonly after: string } {
  const text = readFileSync(README, 'utf8');
  const begin = text.indexOf(BEGIN) + BEGIN.length;
  const end = text.indexOf(END);
  return { before: text.slice(0, begin), index: text.slice(begin, end), after: text.slice(end) };
}
