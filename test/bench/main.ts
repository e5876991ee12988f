/**
 * What a call of the function costs, beside a function of the SDK that does nothing and one that is
 * written as the SDK's documentation says, and what hostile clusters cost the others of a fleet:
 * `npm run bench -- [--rounds 5] [--calls 400] [--write] [--only function|fleet]`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { productRoot } from '../../lib/program/product-files.ts';
import { compare, GOAL, report, type Compared } from './compare.ts';
import { FLEET_GOAL, fleetRatio, fleetReport, fleets } from './fleet.ts';
import { STEADY, steadyCall } from './steady-call.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    calls: { type: 'string', default: '400' },
    write: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});

const { only, write } = values;
const parts = {
  function: functionRow,
  fleet: fleetRow,
};
const results: boolean[] = [];
for (const [name, row] of Object.entries(parts)) {
  // oxlint-disable-next-line no-await-in-loop -- two at once would measure each other
  if (only === undefined || only === name) results.push(await row());
}
process.exitCode = results.length > 0 && results.every(Boolean) ? 0 : 1;

/** Whether our function keeps to its goal. */
async function functionRow(): Promise<boolean> {
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
    show(report(all), 'bench');
    return all.every(({ ratio }) => ratio <= GOAL);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether hostile clusters slow the others down too much. */
async function fleetRow(): Promise<boolean> {
  const all = await fleets();
  show(fleetReport(all), 'fleet');
  return fleetRatio(all) <= FLEET_GOAL;
}

/** Prints a text, and with --write puts it between the comments of that name in docs/performance.md. */
function show(text: string, name: string): void {
  console.log(text);
  if (!write) return;
  const file = join(productRoot(), 'docs', 'performance.md');
  const page = readFileSync(file, 'utf8');
  const beginning = `<!-- ${name}: written by npm run bench -- --write -->`;
  const [begin, end] = [
    page.indexOf(beginning) + beginning.length,
    page.indexOf(`<!-- end of ${name} -->`),
  ];
  writeFileSync(file, `${page.slice(0, begin)}\n\n${text}\n\n${page.slice(end)}`);
}
