import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { startArena } from '../../kill/arena.ts';
import { prove } from '../../kill/prove.ts';
import { random } from '../../kill/random.ts';
import { failures, report, type Proof } from '../../kill/report.ts';
import { FULL, isStage, SAMPLE, STAGES, type Sizes } from '../../kill/stages.ts';
import { WORLD_BINARIES } from '../binaries/index.ts';
import type { Command, CommandContext } from '../command.ts';

const FLAGS =
  '[--sample | --full] [--seed <n>] [--only <stages>] [--part <i>/<n>] [--minutes <n>] [--report <file>]';

/** Hands clusters over under fire, and lets an oracle judge by the audit logs of both sides. */
export const kill: Command = {
  summary: `hand clusters over while everything is killed ${FLAGS}; stages: ${STAGES.join(', ')}`,
  binaries: [...WORLD_BINARIES, 'clusterctl'],
  run: runKill,
};

interface Wanted {
  readonly seed: number;
  readonly sizes: Sizes;
  /** How long all may take; what is not done then is left out. */
  readonly minutes: number;
  readonly file: string | undefined;
}

async function runKill(context: CommandContext): Promise<number> {
  const { seed, sizes, minutes, file } = wanted(context.args);
  console.log(`seed ${seed}: --seed ${seed} makes the same choices again`);
  let proof: Proof = { seed, secrecy: [] };
  const arena = await startArena(context, minutes);
  try {
    await prove({
      arena,
      random: random(seed),
      sizes,
      take(part) {
        proof = { ...proof, ...part };
        if (file !== undefined) save(file, report(proof));
      },
    });
  } finally {
    await arena.stop();
  }
  if (file === undefined) console.log(`\n${report(proof)}`);
  const found = failures(proof);
  for (const text of found) console.error(text);
  return found.length === 0 ? 0 : 1;
}

function wanted(args: readonly string[]): Wanted {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sample: { type: 'boolean' },
      full: { type: 'boolean' },
      seed: { type: 'string' },
      only: { type: 'string' },
      part: { type: 'string' },
      minutes: { type: 'string' },
      report: { type: 'string' },
    },
  });
  const sizes = values.full === true ? FULL : SAMPLE;
  const [index = 1, of = 1] = (values.part ?? '1/1').split('/').map(Number);
  const stages = values.only?.split(',').filter(isStage) ?? sizes.stages;
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const minutes = Number(values.minutes ?? (values.full === true ? Infinity : 9));
  return { seed, minutes, sizes: { ...sizes, stages, part: { index, of } }, file: values.report };
}

function save(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
