import { otherSide, type Side } from '../oracle/audit-event.ts';
import type { Arena } from './arena.ts';
import { startMove } from './clusterctl.ts';
import { cureByHand } from './clusterctl-cure.ts';
import { resetProxies, strikeAt, writeName, type KillPoint } from './kill-point.ts';
import { inventory, operational, type Subject } from './subject.ts';

/** MoveKill is what came of one `clusterctl move` that was killed. */
export interface MoveKill {
  readonly point: KillPoint;
  /** The write at which it was killed; undefined when it ended before. */
  readonly write: string | undefined;
  readonly complete: number;
  /** Right after the kill. */
  readonly source: Stock;
  readonly target: Stock;
  readonly rerun: Outcome;
  readonly said: string;
  /** Seconds until the cluster ran on exactly one side without a human; absent when it never did. */
  readonly seconds?: number;
  readonly findings: readonly string[];
}

/**
 * Outcome is what came of the same command when it was run again. `left paused`: it reports success,
 * because there is nothing to move any more, and the cluster is still paused on the target.
 */
export type Outcome = 'succeeds' | 'refused' | 'left paused' | 'not needed';

/** Stock is how much there is on a side. */
export interface Stock {
  readonly objects: number;
  readonly paused: boolean | undefined;
}

/** Place is a subject and the side on which it is. */
export interface Place {
  readonly subject: Subject;
  side: Side;
}

/** killMove kills a move at a point, runs it again, and cures by hand what that does not. */
export async function killMove(arena: Arena, place: Place, point: KillPoint): Promise<MoveKill> {
  const { subject, side: from } = place;
  await operational(arena.sites[from].api, subject);
  const complete = (await inventory(arena.sites[from].api, subject)).objects.length;
  const killed = await cutOff(arena, place, point);
  const begin = performance.now();
  const source = await stockOf(arena, subject, from);
  const target = await stockOf(arena, subject, otherSide(from));
  const isDone = source.objects === 0 && target.paused === false;
  const rerun = isDone ? NOT_NEEDED : await runAgain(arena, subject, from);
  const isCured = rerun.rerun === 'succeeds' || isDone;
  const seconds = isCured ? { seconds: (performance.now() - begin) / 1000 } : {};
  place.side = isCured ? otherSide(from) : await cureByHand(arena, subject, { from, complete });
  const findings = await findingsOf(arena, subject);
  return { point, write: killed, complete, source, target, ...rerun, ...seconds, findings };
}

type Rerun = Pick<MoveKill, 'rerun' | 'said'>;

const NOT_NEEDED: Rerun = { rerun: 'not needed', said: '' };

async function runAgain(arena: Arena, subject: Subject, from: Side): Promise<Rerun> {
  const { code, lastLine } = await startMove(arena, subject, from).ended;
  const target = await stockOf(arena, subject, otherSide(from));
  const success = target.paused === false ? 'succeeds' : 'left paused';
  return { rerun: code === 0 ? success : 'refused', said: lastLine };
}

/** The write at which it was killed. */
async function cutOff(
  arena: Arena,
  { subject, side }: Place,
  point: KillPoint,
): Promise<string | undefined> {
  resetProxies(arena, subject);
  const move = startMove(arena, subject, side);
  const strike = strikeAt(arena.proxies, point, () => move.kill());
  await move.ended;
  strike.cancel();
  const hit = strike.hit();
  return hit && writeName(hit);
}

async function stockOf(arena: Arena, subject: Subject, side: Side): Promise<Stock> {
  const { objects, paused } = await inventory(arena.sites[side].api, subject);
  return { objects: objects.length, paused };
}

async function findingsOf({ witness }: Arena, { name }: Subject): Promise<readonly string[]> {
  await witness.look();
  const findings = witness.judge(name, { ownership: false });
  return findings.map(({ invariant, message }) => `${invariant}: ${message}`);
}
