import { parseArgs } from 'node:util';
import { FULL, isStage, SAMPLE, type Sizes } from './stages.ts';

/** KillOptions are what the command line says. */
export interface KillOptions {
  /** Repeats all choices; absent: any. */
  readonly seed: number | undefined;
  readonly sizes: Sizes;
  /** How long all may take; what is not done then is left out. */
  readonly minutes: number;
  /** Where the report goes; absent: to the terminal. */
  readonly file: string | undefined;
}

/** KILL_FLAGS are the flags, for the usage. */
export const KILL_FLAGS =
  '[--sample | --full] [--seed <n>] [--only <stage,…>] [--part <i>/<n>] [--minutes <n>] ' +
  '[--workers <n,…>] [--round-trips <ms,…>] [--report <file>]';

/** A sample for CI ends by itself before its ten minutes are over. */
const SAMPLE_MINUTES = 9;

const OPTIONS = {
  sample: { type: 'boolean' },
  full: { type: 'boolean' },
  seed: { type: 'string' },
  only: { type: 'string' },
  part: { type: 'string' },
  minutes: { type: 'string' },
  workers: { type: 'string' },
  'round-trips': { type: 'string' },
  report: { type: 'string' },
} as const;

/** killOptions reads the command line; fails when it does not understand it. */
export function killOptions(args: readonly string[]): KillOptions {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const isFull = values.full === true;
  const [seed] = numbers(values.seed) ?? [];
  const [minutes = isFull ? Infinity : SAMPLE_MINUTES] = numbers(values.minutes) ?? [];
  return { seed, minutes, sizes: sizesOf(values, isFull ? FULL : SAMPLE), file: values.report };
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

function sizesOf(values: Values, base: Sizes): Sizes {
  const [index = 1, of = 1] = numbers(values.part, '/') ?? [];
  return {
    ...base,
    stages: values.only?.split(',').map(known) ?? base.stages,
    workers: numbers(values.workers) ?? base.workers,
    roundTripsMs: numbers(values['round-trips']) ?? base.roundTripsMs,
    part: { index, of },
  };
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
