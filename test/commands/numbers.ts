import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { REAL_BINARIES } from '@managed-cluster/toolchain';
import { type Command, type CommandContext, startRealStage } from '@managed-cluster/testbed';
import { builtRelease } from '../../hack/release.ts';
import type { Numbers } from '../numbers/numbers.ts';
import { NUMBERS_FLAGS, numbersOptions } from '../numbers/options.ts';
import { report } from '../numbers/report.ts';
import { beforeAll, measure } from '../numbers/run.ts';
import { demoReal } from './demo-real.ts';
import { progressLine } from './e2e.ts';

/** One run on real nodes that puts the product beside the same life by hand; it needs what the demo needs. */
export const numbers: Command = {
  ...demoReal,
  summary: `measure the product beside the same life by hand, on real nodes ${NUMBERS_FLAGS}`,
  binaries: [...REAL_BINARIES, 'clusterctl'],
  run: runNumbers,
};

async function runNumbers({ args, environment }: CommandContext): Promise<number> {
  const { file, ...options } = numbersOptions(args);
  const begin = beforeAll(options);
  const world = await startRealStage({
    ...environment,
    release: builtRelease(),
    onEvent: progressLine,
  });
  const found = await measure(world, begin, {
    ...options,
    tell: (line) => console.log(line),
    take(soFar) {
      if (file !== undefined) save(file, soFar);
    },
  });
  console.log(file === undefined ? `\n${report(found)}` : `the report is ${file}`);
  await world.stop();
  return found.problems.length === 0 ? 0 : 1;
}

/** The report, and beside it what it is made of. */
function save(file: string, found: Numbers): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, report(found));
  writeFileSync(`${file.replace(/\.md$/, '')}.json`, JSON.stringify(found, undefined, 2));
}
