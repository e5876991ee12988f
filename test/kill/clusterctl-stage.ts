import { messageOf } from '../../lib/errors.ts';
import { otherSide } from '../oracle/audit-event.ts';
import type { Arena } from './arena.ts';
import { startMove } from './clusterctl.ts';
import { killMove, type MoveKill, type Place } from './clusterctl-kills.ts';
import { killPoints, resetProxies, writesOf, type KillPoint, type Writes } from './kill-point.ts';
import type { Random } from './random.ts';
import { wrongCure } from './wrong-cure.ts';
import { makeSubject, operational, type Subject } from './subject.ts';

/** MoveStage is the whole table of `clusterctl move`. */
export interface MoveStage {
  /** Writes of an undisturbed move. */
  readonly writes: Writes;
  readonly requests: number;
  /** Kill points that were chosen. */
  readonly wanted: number;
  readonly kills: readonly MoveKill[];
  /** What the oracle finds when a human cures a cut-off move wrongly; it must find something. */
  readonly wrongCure: readonly string[];
}

/** They take turns, so that one comes to rest while another one is moved. */
const SUBJECTS: readonly Subject[] = [1, 2, 3, 4].map((at) => ({ name: `ctl-${at}`, workers: 0 }));

/** MoveOptions say how many points are struck, and who is told of each. */
export interface MoveOptions {
  readonly random: Random;
  readonly count: number | undefined;
  readonly take: (soFar: MoveStage) => void;
}

/** moveStage kills `clusterctl move` at points: all, or as many as told. */
export async function moveStage(arena: Arena, { random, count, take }: MoveOptions): Promise<void> {
  const { api } = arena.sites.management;
  await Promise.all(SUBJECTS.map((subject) => makeSubject(api, subject)));
  await Promise.all(SUBJECTS.map((subject) => operational(api, subject)));
  arena.tell('clusterctl: the clusters are operational');
  const places = SUBJECTS.map((subject): Place => ({ subject, side: 'management' }));
  const { writes, requests } = await undisturbed(arena, places);
  const all = killPoints(writes).filter(({ when }) => when === 'after');
  const chosen = count === undefined ? all : random.sample(all, count);
  const kills: MoveKill[] = [];
  function soFar(found: readonly string[]): MoveStage {
    return { writes, requests, wanted: chosen.length, kills: [...kills], wrongCure: found };
  }
  for (const [index, point] of chosen.entries()) {
    const place = places[index % places.length];
    if (place === undefined || arena.expired()) break;
    // oxlint-disable-next-line no-await-in-loop -- the proxies count for one at a time
    const kill = await killMove(arena, place, sided(point, place));
    arena.tell(`clusterctl ${index + 1}/${chosen.length}: ${kill.write ?? 'ended'}: ${kill.rerun}`);
    kills.push(kill);
    take(soFar([]));
  }
  const found = await wrongCure(arena).catch((error: unknown) => [
    `cannot tell: ${messageOf(error)}`,
  ]);
  arena.tell(`clusterctl, wrongly cured: ${found.join('; ')}`);
  take(soFar(found));
}

/** A point is of the source or of the target, which change places with the cluster. */
function sided(point: KillPoint, { side }: Place): KillPoint {
  return side === 'management' ? point : { ...point, side: otherSide(point.side) };
}

async function undisturbed(
  arena: Arena,
  places: readonly Place[],
): Promise<{ readonly writes: Writes; readonly requests: number }> {
  const [place] = places;
  if (place === undefined) throw new Error('there is no subject');
  resetProxies(arena, place.subject);
  const { code, lastLine } = await startMove(arena, place.subject, place.side).ended;
  if (code !== 0) throw new Error(`clusterctl move failed: ${lastLine}`);
  place.side = otherSide(place.side);
  const { management, workload } = arena.proxies;
  return {
    writes: writesOf(arena.proxies),
    requests: management.requests.length + workload.requests.length,
  };
}
