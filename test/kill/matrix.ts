import type { Side } from '../oracle/audit-event.ts';
import type { Arena } from './arena.ts';
import { aPlace, handOver, killingAt, NONE, type Outcome, type Place } from './handover.ts';
import { killPoints, writesOf, type KillPoint, type Writes } from './kill-point.ts';
import { admit, type Product } from './product.ts';
import type { Random } from './random.ts';
import { inPart, type Part } from './stages.ts';
import { makeSubject, operational, type Subject } from './subject.ts';

/** Matrix is the provider killed before and after every write, in both directions. */
export interface Matrix {
  /** Writes of an undisturbed handover to each side. */
  readonly writes: Readonly<Record<Side, Writes>>;
  /** Requests of them, of which watches and reads are the rest. */
  readonly requests: Readonly<Record<Side, number>>;
  /** Kill points that were wanted; fewer were reached when time was over. */
  readonly points: number;
  readonly outcomes: readonly Outcome[];
}

/** places are new subjects, operational, that the provider can reach. */
export async function places(
  arena: Arena,
  subjects: readonly Subject[],
): Promise<readonly Place[]> {
  const { api } = arena.sites.management;
  await Promise.all(subjects.map((subject) => makeSubject(api, subject)));
  await Promise.all(subjects.map((subject) => admit(arena, subject)));
  await Promise.all(subjects.map((subject) => operational(api, subject)));
  arena.tell(`${subjects.map(({ name }) => name).join(', ')}: operational`);
  return subjects.map(aPlace);
}

/** matrix kills at all points, or at as many as told; the places take turns. */
export async function matrix(
  arena: Arena,
  product: Product,
  { places: all, ...options }: MatrixOptions,
): Promise<Matrix> {
  const [first] = all;
  if (first === undefined) throw new Error('there is no subject');
  const forward = await counted(arena, first);
  const reverse = await counted(arena, first);
  const points = {
    workload: chosen(forward.writes, options),
    management: chosen(reverse.writes, options),
  };
  const outcomes: Outcome[] = [forward.outcome, reverse.outcome];
  const total = points.workload.length + points.management.length;
  for (let turn = 0; points.workload.length + points.management.length > 0; turn += 1) {
    if (arena.expired()) break;
    const usable = all.filter(({ lost }) => !lost);
    const place = usable[turn % usable.length];
    if (place === undefined) break;
    const to: Side = place.side === 'management' ? 'workload' : 'management';
    const point = points[to].shift();
    const disturbance = point === undefined ? NONE : killingAt(arena, product, point);
    // oxlint-disable-next-line no-await-in-loop -- the proxies count for one at a time
    const outcome = await handOver(arena, place, disturbance);
    outcomes.push(outcome);
    arena.tell(outcomeLine(outcome, total - points.workload.length - points.management.length));
  }
  return {
    writes: { workload: forward.writes, management: reverse.writes },
    requests: { workload: forward.requests, management: reverse.requests },
    points: total,
    outcomes,
  };
}

/** MatrixOptions say where and how much. */
export interface MatrixOptions {
  readonly places: readonly Place[];
  readonly random: Random;
  /** Kill points in each direction; all when undefined. */
  readonly count: number | undefined;
  readonly part: Part;
}

/** outcomeLine is an outcome on the terminal. */
export function outcomeLine(outcome: Outcome, number: number): string {
  const { cluster, to, disturbance, write, seconds, stuck, findings } = outcome;
  const end = stuck === undefined ? `Ready after ${seconds?.toFixed(1)} s` : `STUCK: ${stuck}`;
  const found = findings.length === 0 ? 'all invariants hold' : `VIOLATED: ${findings.join('; ')}`;
  return `${number} ${cluster} to ${to}, ${disturbance} (${write}): ${end}; ${found}`;
}

function chosen(
  writes: Writes,
  { random, count, part }: Omit<MatrixOptions, 'places'>,
): KillPoint[] {
  const all = inPart(killPoints(writes), part);
  return [...(count === undefined ? all : random.sample(all, count))];
}

interface Counted {
  readonly writes: Writes;
  readonly requests: number;
  readonly outcome: Outcome;
}

async function counted(arena: Arena, place: Place): Promise<Counted> {
  const outcome = await handOver(arena, place, NONE);
  const { management, workload } = arena.proxies;
  const requests = management.requests.length + workload.requests.length;
  const writes = writesOf(arena.proxies);
  arena.tell(outcomeLine(outcome, 0));
  arena.tell(`undisturbed: ${JSON.stringify(writes)} writes, ${requests} requests`);
  if (outcome.stuck !== undefined) throw new Error(`the first handover is stuck: ${outcome.stuck}`);
  return { writes, requests, outcome };
}
