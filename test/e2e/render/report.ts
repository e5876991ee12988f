import type { Verdict } from './render-check.ts';

/** Row is one line of the table: a name, and a verdict in each column that it has one for. */
export interface Row {
  readonly name: string;
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

/** Report is what is printed at the end. */
export interface Report {
  readonly text: string;
  readonly passed: number;
  readonly failed: number;
}

/** Puts rows into a table; below it every reason for a failed or skipped cell, once. */
export function report(rows: readonly Row[], columns: readonly string[]): Report {
  const notes: string[] = [];
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, verdicts }) => {
    const cells = columns.map((column) => cell(verdicts[column], notes).padEnd(CELL));
    return `${name.padEnd(width)}  ${cells.join('')}`.trimEnd();
  });
  const head = `${' '.repeat(width)}  ${columns.map((column) => column.padEnd(CELL)).join('')}`;
  const told = rows.flatMap(({ name, verdicts }) =>
    Object.entries(verdicts).flatMap(([column, verdict]) =>
      verdict.kind === 'Failed' ? [`${name}, ${column}:\n    ${verdict.why}`] : [],
    ),
  );
  const all = rows.flatMap(({ verdicts }) => Object.values(verdicts));
  const passed = all.filter(({ kind }) => kind === 'Passed').length;
  const failed = all.filter(({ kind }) => kind === 'Failed').length;
  const skipped = notes.map((why, index) => `(${index + 1}) not rendered: ${why}`);
  const text = [head.trimEnd(), ...lines, ...skipped, ...told].join('\n');
  return { text, passed, failed };
}

const CELL = 10;

function cell(verdict: Verdict | undefined, notes: string[]): string {
  if (verdict === undefined) return '';
  if (verdict.kind !== 'Skipped') return verdict.kind.toLowerCase();
  if (!notes.includes(verdict.why)) notes.push(verdict.why);
  return `- (${notes.indexOf(verdict.why) + 1})`;
}
