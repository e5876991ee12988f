import type { Arena } from './arena.ts';
import { handOver, type Place } from './handover.ts';
import { NONE, outcomeLine, type Outcome, type Series } from './outcome.ts';

/** GapOptions say which clusters, how often, and who is told of each handover. */
export interface GapOptions {
  readonly places: readonly Place[];
  readonly count: number;
  readonly take: (soFar: Series) => void;
}

/** gap hands clusters over undisturbed, again and again, there and back. */
export async function gap(arena: Arena, { places, count, take }: GapOptions): Promise<void> {
  const outcomes: Outcome[] = [];
  for (let turn = 0; turn < count && !arena.expired(); turn += 1) {
    const place = places[turn % places.length];
    if (place === undefined) break;
    // oxlint-disable-next-line no-await-in-loop -- each is measured by itself
    const outcome = await handOver(arena, place, NONE);
    outcomes.push(outcome);
    arena.tell(`${outcomeLine(outcome, turn + 1)}; ${outcome.auditedMs} ms unmanaged`);
    take({ wanted: count, outcomes: [...outcomes] });
    if (place.lost) break;
  }
}
