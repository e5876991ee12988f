import { loadavg } from 'node:os';
import type { RealWorld } from '@managed-cluster/testbed';
import { messageOf } from '../../lib/errors.ts';
import type { Bench } from './bench.ts';
import { removeByHand } from './back-by-hand.ts';
import { leadByClaim } from './by-claim.ts';
import { leadByHand, moved } from './by-hand.ts';
import { thisMachine, versions } from './machine.ts';
import type { Numbers } from './numbers.ts';
import type { NumbersOptions } from './options.ts';
import { pivots } from './pivots.ts';

/** RunOptions say what is measured, and who is told each time that there is more. */
export interface RunOptions extends Pick<NumbersOptions, 'lives' | 'pivots'> {
  readonly tell: (line: string) => void;
  readonly take: (soFar: Numbers) => void;
}

/** beforeAll is a run that has not begun: the machine as it is before a world makes it busy. */
export function beforeAll({ lives, pivots: times }: Pick<RunOptions, 'lives' | 'pivots'>): Numbers {
  return {
    date: new Date().toISOString(),
    versions: versions(),
    machine: thisMachine(),
    lives,
    moves: [],
    pivots: [],
    wanted: lives.includes('hand') ? 2 * times : 0,
    problems: [],
  };
}

/** measure leads the lives, one after the other; one that breaks off is a problem, and no reason to leave out the next. */
export async function measure(
  world: RealWorld,
  begin: Numbers,
  { lives, tell, take }: RunOptions,
): Promise<Numbers> {
  let numbers = begin;
  function add(more: Partial<Numbers>): void {
    numbers = { ...numbers, ...more };
    take(numbers);
  }
  function problem(text: string): void {
    tell(`problem: ${text}`);
    add({ problems: [...numbers.problems, text] });
  }
  const bench = { world, tell, problem };
  const work = {
    product: async () => add({ product: await leadByClaim(bench) }),
    hand: () => byHand(bench, () => numbers, add),
  };
  for (const life of lives) {
    // oxlint-disable-next-line no-await-in-loop -- alone on the machine
    await work[life]().catch((error: unknown) =>
      problem(`life ${life} broke off: ${messageOf(error)}`),
    );
  }
  const { machine } = numbers;
  add({ machine: { ...machine, loadEnd: loadavg() } });
  return numbers;
}

/** There by hand and back; then again and again by Pivots; and to its end. */
async function byHand(
  bench: Bench,
  soFar: () => Numbers,
  add: (part: Partial<Numbers>) => void,
): Promise<void> {
  const { life, move, ...handed } = await leadByHand(bench);
  add({ hand: { ...life, removal: [] }, moves: [move] });
  const back = await moved(bench, handed, 'management');
  const removal = [{ what: '`clusterctl move` back', seconds: back.seconds }];
  add({ hand: { ...life, removal }, moves: [move, back] });
  await pivots(bench, handed, {
    count: soFar().wanted,
    take: (handover) => add({ pivots: [...soFar().pivots, handover] }),
  });
  add({ hand: { ...life, removal: [...removal, await removeByHand(bench)] } });
}
