import { otherSide } from '../oracle/audit-event.ts';
import type { Arena } from './arena.ts';
import type { Choice } from './choice.ts';
import { faultOf } from './faults.ts';
import { handOver, type Place } from './handover.ts';
import { killOf } from './kills.ts';
import type { Matrix } from './matrix.ts';
import { outcomeLine, type Disturbance, type Outcome, type Series } from './outcome.ts';
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
  readonly take: (soFar: Series) => void;
}

/** storm hands clusters over, each time with the next kind of disturbance, at a random moment. */
export async function storm(
  arena: Arena,
  product: Product,
  { places, random, count, writes, kind, take }: StormOptions,
): Promise<void> {
  const outcomes: Outcome[] = [];
  for (let turn = 0; turn < count && !arena.expired(); turn += 1) {
    const usable = places.filter(({ lost }) => !lost);
    const place = usable[turn % usable.length];
    if (place === undefined) break;
    const choice: Choice = { random, turn, writes: writes[otherSide(place.side)] };
    const disturbance: Disturbance =
      kind === 'kills' ? killOf(arena, product, choice) : faultOf(arena, choice);
    // oxlint-disable-next-line no-await-in-loop -- the proxies count for one at a time
    const outcome = await handOver(arena, place, disturbance);
    outcomes.push(outcome);
    arena.tell(outcomeLine(outcome, turn + 1));
    take({ wanted: count, outcomes: [...outcomes] });
  }
}
