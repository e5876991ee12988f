/**
 * What a call of the function costs, beside a function of the SDK that does nothing and one that is
 * written as the SDK's documentation says: `npm run bench -- [--rounds 5] [--calls 400] [--write]`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { productRoot } from '../../lib/program/product-files.ts';
import { compare, GOAL, report, type Compared } from './compare.ts';
import { STEADY, steadyCall } from './steady-call.ts';

const BEGIN = '<!-- bench: written by npm run bench -- --write -->';
const END = '<!-- end of bench -->';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    calls: { type: 'string', default: '400' },
    write: { type: 'boolean', default: false },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'managed-cluster-bench-'));
try {
  const all: Compared[] = [];
  for (const name of STEADY) {
    // oxlint-disable-next-line no-await-in-loop -- two at once would measure each other
    const call = await steadyCall(name);
    writeFileSync(join(folder, name), call.response);
    const sizes = { rounds: Number(values.rounds), calls: Number(values.calls) };
    // oxlint-disable-next-line no-await-in-loop -- two at once would measure each other
    all.push(await compare(call, folder, sizes));
  }
  const text = report(all);
  console.log(text);
  if (values.write) writeDown(text);
  process.exitCode = all.every(({ ratio }) => ratio <= GOAL) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function writeDown(text: string): void {
  const file = join(productRoot(), 'docs', 'performance.md');
  const page = readFileSync(file, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
  writeFileSync(file, `${page.slice(0, begin)}\n\n${text}\n\n${page.slice(end)}`);
}
