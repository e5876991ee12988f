import type { Arena } from './arena.ts';
import { handOver, NONE, type Outcome, type Place } from './handover.ts';
import { outcomeLine } from './matrix.ts';

/** gap hands clusters over undisturbed, again and again, there and back. */
export async function gap(
  arena: Arena,
  places: readonly Place[],
  count: number,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let turn = 0; turn < count && !arena.expired(); turn += 1) {
    const place = places[turn % places.length];
    if (place === undefined) break;
    // oxlint-disable-next-line no-await-in-loop -- each is measured by itself
    const outcome = await handOver(arena, place, NONE);
    outcomes.push(outcome);
    arena.tell(`${outcomeLine(outcome, turn + 1)}; ${outcome.auditedMs} ms unmanaged`);
    if (place.lost) break;
  }
  return outcomes;
}
