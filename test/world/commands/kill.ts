import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { startArena } from '../../kill/arena.ts';
import { KILL_FLAGS, killOptions } from '../../kill/options.ts';
import { prove } from '../../kill/prove.ts';
import { random } from '../../kill/random.ts';
import { failures, report, type Proof } from '../../kill/report.ts';
import { STAGES } from '../../kill/stages.ts';
import { WORLD_BINARIES } from '../binaries/index.ts';
import type { Command, CommandContext } from '../command.ts';

/** Hands clusters over under fire, and lets an oracle judge by the audit logs of both sides. */
export const kill: Command = {
  summary: `hand clusters over while everything is killed ${KILL_FLAGS}; stages: ${STAGES.join(', ')}`,
  binaries: [...WORLD_BINARIES, 'clusterctl'],
  run: runKill,
};

/** Small enough to be typed again. */
const SEEDS = 1_000_000;

async function runKill(context: CommandContext): Promise<number> {
  const { seed = Date.now() % SEEDS, sizes, minutes, file } = killOptions(context.args);
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
  console.log(file === undefined ? `\n${report(proof)}` : `the report is ${file}`);
  const found = failures(proof);
  for (const text of found) console.error(text);
  return found.length === 0 ? 0 : 1;
}

function save(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
