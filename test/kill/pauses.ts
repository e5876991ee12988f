import { otherSide, SIDES } from '../oracle/audit-event.ts';
import type { Arena } from './arena.ts';
import { startMove } from './clusterctl.ts';
import { handOver, type Place } from './handover.ts';
import { resetProxies } from './kill-point.ts';
import { NONE } from './outcome.ts';
import { median } from '../report/statistics.ts';
import { operational } from './subject.ts';

/** Pause is how long nobody reconciled a cluster while it was handed over. */
export interface Pause {
  readonly mover: 'clusterctl move' | 'Pivot';
  readonly workers: number;
  /** Milliseconds that the wire adds to each round trip. */
  readonly roundTripMs: number;
  /** By the audit logs, one for each handover. */
  readonly milliseconds: readonly number[];
  readonly medianMs: number;
  /** Of one of them. */
  readonly requests: number;
}

/** PauseOptions say who moves what, and how often. */
export interface PauseOptions {
  readonly mover: Pause['mover'];
  readonly places: readonly Place[];
  readonly roundTripsMs: readonly number[];
  /** Handovers of each; one of large clusters, with which a move takes minutes. */
  readonly times: number;
  readonly take: (pause: Pause) => void;
}

/** From so many workers on a cluster is large. */
const LARGE = 50;

/** pauses measures each place at each latency; half of the handovers lead each way. */
export async function pauses(arena: Arena, options: PauseOptions): Promise<void> {
  for (const place of options.places) {
    for (const roundTripMs of options.roundTripsMs) {
      if (arena.expired()) break;
      for (const side of SIDES) arena.proxies[side].wire.delay(roundTripMs / 2);
      // oxlint-disable-next-line no-await-in-loop -- one measurement after the other
      const pause = await measure(arena, place, { ...options, roundTripMs });
      arena.tell(
        `${pause.mover}, ${pause.workers} workers, +${roundTripMs} ms: ${pause.milliseconds.map(Math.round).join(', ')} ms`,
      );
      options.take(pause);
    }
  }
  for (const side of SIDES) arena.proxies[side].wire.delay(0);
}

/** comeHome moves back what an odd number of moves has left on the workload side: a Pivot begins at home. */
export async function comeHome(arena: Arena, places: readonly Place[]): Promise<void> {
  for (const place of places) {
    // oxlint-disable-next-line no-await-in-loop -- the proxies count for one at a time
    if (place.side === 'workload') await moved(arena, place);
  }
}

async function measure(
  arena: Arena,
  place: Place,
  { mover, times, roundTripMs }: PauseOptions & { readonly roundTripMs: number },
): Promise<Pause> {
  const milliseconds: number[] = [];
  let requests = 0;
  const { workers } = place.subject;
  for (let time = 0; time < (workers < LARGE ? times : 1); time += 1) {
    // oxlint-disable-next-line no-await-in-loop -- there and back again
    milliseconds.push(mover === 'Pivot' ? await pivoted(arena, place) : await moved(arena, place));
    requests = SIDES.reduce((sum, side) => sum + arena.proxies[side].requests.length, 0);
  }
  return { mover, workers, roundTripMs, milliseconds, medianMs: median(milliseconds), requests };
}

async function pivoted(arena: Arena, place: Place): Promise<number> {
  const { auditedMs, stuck, findings } = await handOver(arena, place, NONE);
  if (stuck !== undefined || auditedMs === undefined) {
    throw new Error(`cannot measure ${place.subject.name}: ${stuck ?? findings.join('; ')}`);
  }
  return auditedMs;
}

async function moved(arena: Arena, place: Place): Promise<number> {
  const { subject, side } = place;
  await operational(arena.sites[side].api, subject);
  resetProxies(arena, subject);
  const { code, lastLine } = await startMove(arena, subject, side).ended;
  if (code !== 0) throw new Error(`cannot measure ${subject.name}: clusterctl: ${lastLine}`);
  place.side = otherSide(side);
  await arena.witness.look();
  const last = arena.witness.handovers(subject.name).at(-1);
  if (last?.to !== place.side) throw new Error(`no handover of ${subject.name} was seen`);
  return last.milliseconds;
}
