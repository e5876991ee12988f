import { messageOf } from '../../lib/errors.ts';
import type { Arena } from './arena.ts';
import { moveStage } from './clusterctl-stage.ts';
import { gap } from './gap.ts';
import { aPlace, type Place } from './handover.ts';
import { matrix, places, type Matrix } from './matrix.ts';
import { pauses, type Pause } from './pauses.ts';
import { admit, installProduct, type Product } from './product.ts';
import type { Random } from './random.ts';
import type { Proof } from './report.ts';
import type { Sizes, Stage } from './stages.ts';
import { storm } from './storm.ts';
import { teardowns } from './teardown.ts';
import { twins } from './twins.ts';
import { makeSubject, operational, type Subject } from './subject.ts';

/** Take is told of every part of the proof as soon as it is there. */
export type Take = (part: Partial<Proof>) => void;

/** ProveOptions say where, how much, and who is told. */
export interface ProveOptions {
  readonly arena: Arena;
  readonly random: Random;
  readonly sizes: Sizes;
  readonly take: Take;
}

interface Scene extends ProveOptions {
  /** Stages that broke off, and why. */
  readonly problems: string[];
}

/** They take turns, so that one comes to rest while another one is handed over. */
const SUBJECTS: readonly Subject[] = [
  { name: 'k-1', workers: 0 },
  { name: 'k-2', workers: 0 },
  { name: 'k-3', workers: 1 },
];

/** prove runs the stages: `clusterctl` first, because our policies would be in its way. */
export async function prove(options: ProveOptions): Promise<void> {
  const scene = { ...options, problems: [] };
  const { arena, random, sizes, take } = scene;
  const measured = has(scene, 'pauses') ? await measuredPlaces(scene) : [];
  await stage(scene, 'moves', async () => {
    take({ moves: await moveStage(arena, { random, count: sizes.moves }) });
  });
  const moved = await pausesOf(scene, 'clusterctl move', measured);
  if (sizes.stages.some((one) => one !== 'moves')) await withProduct(scene, measured, moved);
  await arena.witness.rememberSecrets();
  const leaks = await arena.witness.judgeSecrecy();
  take({ secrecy: leaks.map(({ where, message }) => `I6: ${where}: ${message}`) });
}

/** A stage that breaks off is a failure, and no reason to leave out the others. */
async function stage(scene: Scene, name: Stage, work: () => Promise<void>): Promise<void> {
  if (!has(scene, name)) return;
  try {
    await work();
  } catch (error) {
    scene.problems.push(`stage ${name} broke off: ${messageOf(error)}`);
    scene.take({ problems: [...scene.problems] });
  }
}

async function withProduct(
  scene: Scene,
  measured: readonly Place[],
  moved: readonly Pause[],
): Promise<void> {
  const { arena, take, random, sizes } = scene;
  const product = await installProduct(arena);
  await stage(scene, 'pauses', async () => {
    await Promise.all(measured.map(({ subject }) => admit(arena, subject)));
    take({ pauses: [...moved, ...(await pausesOf(scene, 'Pivot', measured))] });
  });
  const stages = ['matrix', 'kills', 'faults', 'twins', 'gap'] as const;
  if (stages.some((one) => has(scene, one))) await underFire(scene, product);
  await stage(scene, 'teardown', async () => {
    take({ teardown: await teardowns(arena, product, { random, count: sizes.teardowns }) });
  });
}

async function underFire(scene: Scene, product: Product): Promise<void> {
  const { arena, random, sizes, take } = scene;
  const all = await places(arena, SUBJECTS);
  await arena.witness.rememberSecrets();
  await stage(scene, 'gap', async () => take({ gap: await gap(arena, all, sizes.gap) }));
  // Without the matrix it still counts the writes, which the other stages draw from.
  const count = has(scene, 'matrix') ? sizes.points : 0;
  const found = await matrix(arena, product, { places: all, random, count, part: sizes.part });
  if (has(scene, 'matrix')) take({ matrix: found });
  await storms(scene, product, { places: all, writes: found.writes });
}

async function storms(
  scene: Scene,
  product: Product,
  given: { readonly places: readonly Place[]; readonly writes: Matrix['writes'] },
): Promise<void> {
  const { arena, random, sizes, take } = scene;
  await stage(scene, 'kills', async () => {
    const options = { ...given, random, count: sizes.kills, kind: 'kills' } as const;
    take({ kills: await storm(arena, product, options) });
  });
  await stage(scene, 'faults', async () => {
    const options = { ...given, random, count: sizes.faults, kind: 'faults' } as const;
    take({ faults: await storm(arena, product, options) });
  });
  await stage(scene, 'twins', async () => {
    take({ twins: await twins(arena, product, { ...given, random, count: sizes.twins }) });
  });
}

function has({ sizes }: Scene, name: Stage): boolean {
  return sizes.stages.includes(name);
}

async function measuredPlaces({ arena, sizes }: Scene): Promise<readonly Place[]> {
  const { api } = arena.sites.management;
  const subjects = sizes.workers.map((workers) => ({ name: `p-${workers}`, workers }));
  await Promise.all(subjects.map((subject) => makeSubject(api, subject)));
  await Promise.all(subjects.map((subject) => operational(api, subject, 600_000)));
  arena.tell(`${subjects.map(({ name }) => name).join(', ')}: operational`);
  return subjects.map(aPlace);
}

function pausesOf(
  { arena, sizes }: Scene,
  mover: Pause['mover'],
  measured: readonly Place[],
): Promise<readonly Pause[]> {
  const { roundTripsMs, times } = sizes;
  return pauses(arena, { mover, places: measured, roundTripsMs, times });
}
