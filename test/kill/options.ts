import { parseArgs } from 'node:util';
import { FULL, isStage, SAMPLE, stagesIn, type Sizes } from './stages.ts';

/** KillOptions are what the command line says. */
export interface KillOptions {
  /** Repeats all choices; absent: any. */
  readonly seed: number | undefined;
  readonly sizes: Sizes;
  /** How long all may take; what is not done then is left out, and the report says so. */
  readonly minutes: number;
  /** Where the report goes, with the proof as JSON beside it; absent: to the terminal. */
  readonly file: string | undefined;
  /** Proofs of parts that become one report; nothing is killed then. */
  readonly merge: readonly string[];
  /** Folder with the kept logs of the world that the merged proof is of: it is judged again by them. */
  readonly judge: string | undefined;
}

/** KILL_FLAGS are the flags, for the usage. */
export const KILL_FLAGS =
  '[--sample | --full] [--seed <n>] [--only <stage,…>] [--part <i>/<n>] [--minutes <n>] ' +
  '[--count <stage>=<n>,…] [--workers <n,…>] [--round-trips <ms,…>] [--times <n>] ' +
  '[--report <file>] [--merge <json> <json> … [--judge <folder of logs>]]';

/** A sample for CI ends by itself before its ten minutes are over. */
const SAMPLE_MINUTES = 9;

const OPTIONS = {
  sample: { type: 'boolean' },
  full: { type: 'boolean' },
  seed: { type: 'string' },
  only: { type: 'string' },
  part: { type: 'string' },
  minutes: { type: 'string' },
  count: { type: 'string' },
  workers: { type: 'string' },
  'round-trips': { type: 'string' },
  times: { type: 'string' },
  report: { type: 'string' },
  merge: { type: 'boolean' },
  judge: { type: 'string' },
} as const;

/** killOptions reads the command line; fails when it does not understand it. */
export function killOptions(args: readonly string[]): KillOptions {
  const isMerge = args.includes('--merge');
  const { values, positionals } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: isMerge,
  });
  const isFull = values.full === true;
  const [seed] = numbers(values.seed) ?? [];
  const [minutes = isFull ? Infinity : SAMPLE_MINUTES] = numbers(values.minutes) ?? [];
  const sizes = sizesOf(values, isFull ? FULL : SAMPLE);
  const { report: file, judge } = values;
  if (judge !== undefined && positionals.length !== 1) {
    throw new Error('--judge needs --merge with the proof of one world');
  }
  return { seed, minutes, sizes, file, merge: positionals, judge };
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

function sizesOf(values: Values, base: Sizes): Sizes {
  const [index = 1, of = 1] = numbers(values.part, '/') ?? [];
  const [times = base.times] = numbers(values.times) ?? [];
  const part = { index, of };
  return {
    ...base,
    ...counts(values.count),
    stages: stagesIn(values.only?.split(',').map(known) ?? base.stages, part),
    workers: numbers(values.workers) ?? base.workers,
    roundTripsMs: numbers(values['round-trips']) ?? base.roundTripsMs,
    times,
    part,
  };
}

/** What a stage is counted in; `matrix` has its points in each direction. */
const COUNTED = {
  moves: 'moves',
  gap: 'gap',
  matrix: 'points',
  teardown: 'teardowns',
  kills: 'kills',
  faults: 'faults',
  twins: 'twins',
  lives: 'lives',
} as const;

function counts(text: string | undefined): Partial<Sizes> {
  const pairs = text?.split(',').map((pair): readonly [string, number] => {
    const [name = '', count = ''] = pair.split('=');
    const stage = Object.keys(COUNTED).find((one): one is keyof typeof COUNTED => one === name);
    if (stage === undefined) throw new Error(`cannot count stage ${name}: it has no number`);
    return [COUNTED[stage], numbers(count)?.[0] ?? 0];
  });
  return Object.fromEntries(pairs ?? []);
}

function known(text: string): Sizes['stages'][number] {
  if (!isStage(text)) throw new Error(`cannot run stage ${text}: there is none of that name`);
  return text;
}

function numbers(text: string | undefined, separator = ','): readonly number[] | undefined {
  const found = text?.split(separator).map(Number);
  if (found?.some(Number.isNaN)) throw new Error(`cannot read ${text}: it is no number`);
  return found;
}
