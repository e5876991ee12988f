import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { WORLD_BINARIES } from '@managed-cluster/toolchain';
import type { Command, CommandContext } from '@managed-cluster/testbed';
import { startArena } from '../kill/arena.ts';
import { createClock } from '../kill/clock.ts';
import { lives } from '../kill/lives/lives.ts';
import { judgedAgain } from '../kill/judge-again.ts';
import { KILL_FLAGS, killOptions, type KillOptions } from '../kill/options.ts';
import { emptyProof, failures, merged, type Proof } from '../kill/proof.ts';
import { prove } from '../kill/prove.ts';
import { random } from '../kill/random.ts';
import { report } from '../kill/report/report.ts';
import { createRun, grow, type Run } from '../kill/run.ts';
import { STAGES } from '../kill/stages.ts';

/** Hands clusters over under fire, and lets an oracle judge by the audit logs of both sides. */
export const kill: Command = {
  summary: `hand clusters over while everything is killed ${KILL_FLAGS}; stages: ${STAGES.join(', ')}`,
  binaries: [...WORLD_BINARIES, 'clusterctl'],
  run: runKill,
};

/** Small enough to be typed again. */
const SEEDS = 1_000_000;

async function runKill(context: CommandContext): Promise<number> {
  const options = killOptions(context.args);
  const { file, merge } = options;
  const proof = merge.length > 0 ? readProof(options) : await killed(context, options);
  if (file !== undefined && merge.length > 0) save(file, proof);
  console.log(file === undefined ? `\n${report(proof)}` : `the report is ${file}`);
  const found = failures(proof);
  for (const text of found) console.error(text);
  return found.length === 0 ? 0 : 1;
}

function readProof({ merge, judge }: KillOptions): Proof {
  const proof = merged(merge.map((one) => JSON.parse(readFileSync(one, 'utf8')) as Proof));
  return judge === undefined ? proof : judgedAgain(proof, judge);
}

async function killed(
  context: CommandContext,
  { seed = Date.now() % SEEDS, sizes, minutes, file }: KillOptions,
): Promise<Proof> {
  console.log(`seed ${seed}: --seed ${seed} makes the same choices again`);
  let proof = emptyProof(seed);
  const clock = createClock(minutes, () => performance.now());
  const run = createRun({
    clock,
    // Parts with one seed shall not do the same things.
    random: random(seed + sizes.part.index - 1),
    sizes,
    take(part) {
      proof = { ...proof, ...part };
      if (file !== undefined) save(file, proof);
    },
  });
  if (sizes.stages.some((stage) => stage !== 'lives')) await inArena(context, run);
  await run.stage('lives', () => {
    const options = { count: sizes.lives, expired: () => clock.expired(), ...grow(run, 'lives') };
    return lives(context, { ...run, ...options });
  });
  return proof;
}

async function inArena(context: CommandContext, run: Run): Promise<void> {
  const arena = await startArena(context, () => run.clock.expired());
  try {
    await prove(arena, run);
  } finally {
    await arena.stop();
  }
}

/** The report, and beside it what it is made of, from which parts are merged. */
function save(file: string, proof: Proof): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, report(proof));
  writeFileSync(`${file.replace(/\.md$/, '')}.json`, JSON.stringify(proof));
}
