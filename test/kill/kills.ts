import type { Arena } from './arena.ts';
import { atTime, inTurn, someTime, type Choice } from './choice.ts';
import { killingAt } from './handover.ts';
import type { Disturbance } from './outcome.ts';
import type { Product } from './product.ts';
import { killApiServer, killManager, MANAGERS } from './victims.ts';

/** Who is killed in turn: half of the time the provider, which hands over. */
const VICTIMS = [
  'provider',
  MANAGERS[0],
  'provider',
  'API server',
  'provider',
  MANAGERS[1],
  'provider',
  MANAGERS[2],
] as const;

/** killOf kills the next process, at a random moment of a handover. */
export function killOf(arena: Arena, product: Product, choice: Choice): Disturbance {
  const { random, turn, writes } = choice;
  const { one: victim, side } = inTurn(VICTIMS, turn);
  if (victim === 'provider') {
    const write = 1 + random.below(Math.max(1, writes[side]));
    return killingAt(arena, product, { side, write, when: random.pick(['before', 'after']) });
  }
  const kind = `${victim} of ${side}`;
  return atTime({
    name: `kill ${kind}`,
    kind,
    after: someTime(random),
    async act() {
      if (victim === 'API server') await killApiServer(arena, side);
      else await killManager(arena, side, victim);
    },
  });
}
