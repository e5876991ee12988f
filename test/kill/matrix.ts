import { otherSide, type Side } from '../oracle/audit-event.ts';
import type { Arena } from './arena.ts';
import { aPlace, handOver, killingAt, type Place } from './handover.ts';
import { killPoints, writesOf, type KillPoint, type Writes } from './kill-point.ts';
import { isStruck, NONE, outcomeLine, type Outcome, type Series } from './outcome.ts';
import { admit, type Product } from './product.ts';
import type { Random } from './random.ts';
import { inPart, type Part } from './stages.ts';
import { makeSubject, operational, type Subject } from './subject.ts';

/** Matrix is the provider killed before and after every write, in both directions. */
export interface Matrix extends Series {
  /** Writes of an undisturbed handover to each side. */
  readonly writes: Readonly<Record<Side, Writes>>;
  /** Requests of them, of which watches and reads are the rest. */
  readonly requests: Readonly<Record<Side, number>>;
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

/** MatrixOptions say where and how much, and who is told of each handover. */
export interface MatrixOptions {
  readonly places: readonly Place[];
  readonly random: Random;
  /** Kill points in each direction; all when undefined. */
  readonly count: number | undefined;
  readonly part: Part;
  readonly take: (soFar: Matrix) => void;
}

/** A point that was not reached, because there were fewer writes that time, is tried again so often. */
const TRIES = 3;

/** matrix kills at all points, or at as many as told; the places take turns. */
export async function matrix(
  arena: Arena,
  product: Product,
  { places: all, take, ...options }: MatrixOptions,
): Promise<Matrix> {
  const [first] = all;
  if (first === undefined) throw new Error('there is no subject');
  const one = await counted(arena, first);
  const back = await counted(arena, first);
  const [forward, reverse] = one.outcome.to === 'workload' ? [one, back] : [back, one];
  const left: Record<Side, Aim[]> = {
    workload: aims(forward.writes, options),
    management: aims(reverse.writes, options),
  };
  const wanted = left.workload.length + left.management.length;
  const outcomes: Outcome[] = [forward.outcome, reverse.outcome];
  function soFar(): Matrix {
    return {
      writes: { workload: forward.writes, management: reverse.writes },
      requests: { workload: forward.requests, management: reverse.requests },
      wanted,
      outcomes: [...outcomes],
    };
  }
  for (let turn = 0; left.workload.length + left.management.length > 0; turn += 1) {
    const usable = all.filter(({ lost }) => !lost);
    const place = usable[turn % usable.length];
    if (place === undefined || arena.expired()) break;
    // oxlint-disable-next-line no-await-in-loop -- the proxies count for one at a time
    const outcome = await struckAt(arena, product, { place, left });
    outcomes.push(outcome);
    const rest = left.workload.length + left.management.length;
    arena.tell(outcomeLine(outcome, wanted - rest));
    take(soFar());
  }
  return soFar();
}

interface Aim {
  readonly point: KillPoint;
  readonly tries: number;
}

/** Hands a place over, killing at the next point of that direction, if one is left. */
async function struckAt(
  arena: Arena,
  product: Product,
  { place, left }: { readonly place: Place; readonly left: Record<Side, Aim[]> },
): Promise<Outcome> {
  const to = otherSide(place.side);
  const aim = left[to].shift();
  if (aim === undefined) return handOver(arena, place, NONE);
  const outcome = await handOver(arena, place, killingAt(arena, product, aim.point));
  const tries = aim.tries + 1;
  if (!isStruck(outcome) && tries < TRIES) left[to].push({ ...aim, tries });
  return outcome;
}

function aims(
  writes: Writes,
  { random, count, part }: Pick<MatrixOptions, 'random' | 'count' | 'part'>,
): Aim[] {
  const all = inPart(killPoints(writes), part);
  const chosen = count === undefined ? all : random.sample(all, count);
  return chosen.map((point) => ({ point, tries: 0 }));
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
