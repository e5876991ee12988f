import { otherSide } from '../oracle/audit-event.ts';
import type { Arena } from './arena.ts';
import { randomFault, randomKill } from './disturbances.ts';
import { handOver, type Outcome, type Place } from './handover.ts';
import { outcomeLine, type Matrix } from './matrix.ts';
import type { Product } from './product.ts';
import type { Random } from './random.ts';

/** StormOptions say where, how much, and what a handover looks like undisturbed. */
export interface StormOptions {
  readonly places: readonly Place[];
  readonly random: Random;
  readonly count: number;
  readonly writes: Matrix['writes'];
  /** Whether processes are killed, or requests go wrong. */
  readonly kind: 'kills' | 'faults';
}

/** storm hands clusters over, each time with another random disturbance. */
export async function storm(
  arena: Arena,
  product: Product,
  { places, random, count, writes, kind }: StormOptions,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let turn = 0; turn < count && !arena.expired(); turn += 1) {
    const usable = places.filter(({ lost }) => !lost);
    if (usable.length === 0) break;
    const place = random.pick(usable);
    const choice = { random, writes: writes[otherSide(place.side)] };
    const disturbance =
      kind === 'kills' ? randomKill(arena, product, choice) : randomFault(arena, choice);
    // oxlint-disable-next-line no-await-in-loop -- the proxies count for one at a time
    const outcome = await handOver(arena, place, disturbance);
    outcomes.push(outcome);
    arena.tell(outcomeLine(outcome, turn + 1));
  }
  return outcomes;
}
