import type { Arena } from './arena.ts';
import { handOver, killingAt, type Place } from './handover.ts';
import type { Matrix } from './matrix.ts';
import { NONE, outcomeLine, type Outcome, type Series } from './outcome.ts';
import { startReplica, type Product } from './product.ts';
import type { Random } from './random.ts';
import { otherSide } from '../oracle/audit-event.ts';

/** TwinOptions say where, how often, and who is told. */
export interface TwinOptions {
  readonly places: readonly Place[];
  readonly random: Random;
  readonly count: number;
  readonly writes: Matrix['writes'];
  readonly take: (soFar: Series) => void;
}

/** twins hands clusters over while a second replica, which asks for no Lease, does the same. */
export async function twins(
  arena: Arena,
  product: Product,
  { places, random, count, writes, take }: TwinOptions,
): Promise<void> {
  const second = await startReplica(arena, 'm-provider-2', 8102);
  const outcomes: Outcome[] = [];
  for (let turn = 0; turn < count && !arena.expired(); turn += 1) {
    const usable = places.filter(({ lost }) => !lost);
    if (usable.length === 0) break;
    const place = random.pick(usable);
    const side = random.pick(['management', 'workload'] as const);
    const most = writes[otherSide(place.side)][side];
    const point = { side, write: 1 + random.below(Math.max(1, most)), when: 'after' } as const;
    const disturbance = turn % 2 === 0 ? NONE : killingAt(arena, product, point);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const outcome = await handOver(arena, place, disturbance);
    const told = { ...outcome, disturbance: `two replicas, ${outcome.disturbance}` };
    arena.tell(outcomeLine(told, turn + 1));
    outcomes.push(told);
    take({ wanted: count, outcomes: [...outcomes] });
  }
  await second.stop();
}
