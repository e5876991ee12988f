import { parseArgs } from 'node:util';

/** NumbersOptions are what the command line says. */
export interface NumbersOptions {
  /** Where the report goes, with the raw numbers as JSON beside it; absent: to the terminal. */
  readonly file: string | undefined;
  /** Which lives are led, in this order. */
  readonly lives: readonly LifeName[];
  /** How often the cluster that was made by hand is handed there and back. */
  readonly pivots: number;
}

/** LifeName says who leads a life: our product, or an admin by hand. */
export type LifeName = 'product' | 'hand';

/** What comes first meets colder caches of the machine. */
const LIVES: readonly LifeName[] = ['product', 'hand'];

/** How often, unless told. */
const PIVOTS = 10;

/** NUMBERS_FLAGS are the flags, for the usage. */
export const NUMBERS_FLAGS = '[--report <file>] [--lives product,hand] [--pivots <n>]';

/** numbersOptions reads the command line; fails when it does not understand it. */
export function numbersOptions(args: readonly string[]): NumbersOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { report: { type: 'string' }, lives: { type: 'string' }, pivots: { type: 'string' } },
  });
  const { report: file, pivots = String(PIVOTS) } = values;
  if (!/^\d+$/.test(pivots)) throw new Error(`cannot read --pivots ${pivots}: it is no number`);
  const lives = values.lives?.split(',').map(known) ?? LIVES;
  return { file, lives, pivots: Number(pivots) };
}

function known(text: string): LifeName {
  const life = LIVES.find((one) => one === text);
  if (life === undefined) throw new Error(`cannot lead the life ${text}: it is product or hand`);
  return life;
}
