import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../../report/markdown.ts';

/** Row is what came of an attack. */
export interface Row {
  readonly when: string;
  readonly attack: string;
  /** What the API server said; empty when it took it. */
  readonly refusal: string;
  readonly findings: readonly string[];
}

/** LINE is as much of a refusal as a table needs. */
const LINE = 160;

/** writeTable writes the attack table into the folder of the world, and shows it. */
export function writeTable(folder: string, rows: readonly Row[]): void {
  const text = table(
    ['state', 'attack', 'outcome', 'invariants'],
    rows.map(({ when, attack, refusal, findings }) => [
      when,
      attack,
      refusal === '' ? 'taken, harmless' : `refused: ${short(refusal)}`,
      findings.length === 0 ? 'hold' : findings.join('; '),
    ]),
  );
  writeFileSync(join(folder, 'attacks.md'), `# Attacks\n\n${text}\n`);
  console.log(text);
}

/** The sentence of our policy without the path of the request, which has names of this run. */
function short(refusal: string): string {
  const [, sentence = refusal] = /denied request: (.*?)(?: \([A-Z]+ \/|$)/s.exec(refusal) ?? [];
  return sentence.slice(0, LINE);
}
