import type { Arena } from './arena.ts';
import { moveStage } from './clusterctl-stage.ts';
import { gap } from './gap.ts';
import { aPlace, type Place } from './handover.ts';
import { matrix, places, type Matrix } from './matrix.ts';
import { comeHome, pauses, type Pause } from './pauses.ts';
import { admit, installProduct, type Product } from './product.ts';
import { grow, type Run } from './run.ts';
import { countIn, type Stage } from './stages.ts';
import { storm } from './storm.ts';
import { teardowns } from './teardown.ts';
import { twins } from './twins.ts';
import { makeSubject, operational, type Subject } from './subject.ts';

/** Scene is a run in an arena. */
interface Scene extends Run {
  readonly arena: Arena;
}

/** They take turns, so that one comes to rest while another one is handed over. */
const SUBJECTS: readonly Subject[] = [
  { name: 'k-1', workers: 0 },
  { name: 'k-2', workers: 0 },
  { name: 'k-3', workers: 1 },
  { name: 'k-4', workers: 0 },
];

/** prove runs the stages: `clusterctl` first, because our policies would be in its way. */
export async function prove(arena: Arena, run: Run): Promise<void> {
  const scene = { ...run, arena };
  const { random, sizes } = scene;
  run.started();
  await run.stage('moves', () =>
    moveStage(arena, { random, count: sizes.moves, ...grow(run, 'moves') }),
  );
  const measured: Place[] = [];
  const found: Pause[] = [];
  await run.stage('pauses', async () => {
    measured.push(...(await measuredPlaces(scene)));
    await measure(scene, 'clusterctl move', { measured, found });
    await comeHome(arena, measured);
  });
  if (sizes.stages.some((one) => one !== 'moves')) await withProduct(scene, { measured, found });
  await arena.witness.rememberSecrets();
  const leaks = await arena.witness.judgeSecrecy();
  run.looked(leaks.map(({ where, message }) => `I6: ${where}: ${message}`));
}

interface Measured {
  readonly measured: readonly Place[];
  /** Grows. */
  readonly found: Pause[];
}

async function withProduct(scene: Scene, { measured, found }: Measured): Promise<void> {
  const { arena, random, sizes } = scene;
  const product = await installProduct(arena);
  await scene.stage('pauses', async () => {
    await Promise.all(measured.map(({ subject }) => admit(arena, subject)));
    await measure(scene, 'Pivot', { measured, found });
  });
  const handedOver = ['gap', 'matrix', 'kills', 'faults', 'twins'] as const;
  const all = handedOver.some((one) => has(scene, one)) ? await places(arena, SUBJECTS) : [];
  await arena.witness.rememberSecrets();
  await scene.stage('gap', () =>
    gap(arena, { places: all, count: sizes.gap, ...grow(scene, 'gap') }),
  );
  const writes = await underFire(scene, product, all);
  if (writes !== undefined) await storms(scene, product, { places: all, writes });
  await scene.stage('teardown', () => {
    const { teardowns: count, part } = sizes;
    return teardowns(arena, product, { random, count, part, ...grow(scene, 'teardown') });
  });
  await scene.stage('twins', async () => {
    if (writes === undefined) return;
    const options = { places: all, writes, random, count: sizes.twins, ...grow(scene, 'twins') };
    await twins(arena, product, options);
  });
}

/** The matrix; without it, it still counts the writes, which other stages draw from. */
async function underFire(
  scene: Scene,
  product: Product,
  all: readonly Place[],
): Promise<Matrix['writes'] | undefined> {
  const { arena, random, sizes } = scene;
  const { part } = sizes;
  const options = { places: all, random, part };
  let writes: Matrix['writes'] | undefined;
  await scene.stage('matrix', async () => {
    const count = sizes.points;
    const found = await matrix(arena, product, { ...options, count, ...grow(scene, 'matrix') });
    ({ writes } = found);
  });
  if (writes !== undefined || all.length === 0) return writes;
  const counted = await matrix(arena, product, { ...options, count: 0, take: () => undefined });
  return counted.writes;
}

async function storms(
  scene: Scene,
  product: Product,
  given: { readonly places: readonly Place[]; readonly writes: Matrix['writes'] },
): Promise<void> {
  const { arena, random, sizes } = scene;
  for (const kind of ['kills', 'faults'] as const) {
    const count = countIn(sizes[kind], sizes.part);
    // oxlint-disable-next-line no-await-in-loop -- one stage after the other
    await scene.stage(kind, () =>
      storm(arena, product, { ...given, random, count, kind, ...grow(scene, kind) }),
    );
  }
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

function measure(
  { arena, sizes, take }: Scene,
  mover: Pause['mover'],
  { measured, found }: Measured,
): Promise<void> {
  const { roundTripsMs, times } = sizes;
  return pauses(arena, {
    mover,
    places: measured,
    roundTripsMs,
    times,
    take(pause) {
      found.push(pause);
      take({ pauses: [...found] });
    },
  });
}
