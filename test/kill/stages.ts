/** STAGES are the parts of the proof, in the order in which they run. */
export const STAGES = [
  'moves',
  'pauses',
  'gap',
  'matrix',
  'teardown',
  'kills',
  'faults',
  'twins',
  'lives',
] as const;

/** Stage is one of them. */
export type Stage = (typeof STAGES)[number];

/** Part is the `index`-th of `of` parts. */
export interface Part {
  readonly index: number;
  readonly of: number;
}

const WHOLE: Part = { index: 1, of: 1 };

/** inPart are the items of one part: every `of`-th. */
export function inPart<T>(all: readonly T[], { index, of }: Part): readonly T[] {
  return all.filter((_item, at) => at % of === index - 1);
}

/** countIn is how many of so many belong to a part. */
export function countIn(count: number, { index, of }: Part): number {
  return Math.floor(count / of) + (index <= count % of ? 1 : 0);
}

/** What can't be split is done by one part: these by the first, those by the last, to take equal time. */
const FIRST: readonly Stage[] = ['pauses', 'gap'];
const LAST: readonly Stage[] = ['moves', 'twins', 'lives'];

/** stagesIn are the stages that a part has to do with. */
export function stagesIn(stages: readonly Stage[], { index, of }: Part): readonly Stage[] {
  return stages.filter(
    (stage) => (index === 1 || !FIRST.includes(stage)) && (index === of || !LAST.includes(stage)),
  );
}

/** Sizes say how much of everything is done, by all parts together. */
export interface Sizes {
  readonly stages: readonly Stage[];
  /** Kill points of `clusterctl move`; all when undefined. */
  readonly moves: number | undefined;
  /** Kill points of the provider in each direction; all when undefined. */
  readonly points: number | undefined;
  /** Which of how many equal parts of them, from 1: a run in parts proves the same. */
  readonly part: Part;
  readonly kills: number;
  readonly faults: number;
  readonly gap: number;
  readonly twins: number;
  /** Kill points of a teardown; all when undefined. */
  readonly teardowns: number | undefined;
  /** Claims that live from apply to delete while everything is killed. */
  readonly lives: number;
  /** Worker machines of the clusters whose pause is measured. */
  readonly workers: readonly number[];
  /** Milliseconds that are added to each round trip. */
  readonly roundTripsMs: readonly number[];
  /** Handovers for each pause. */
  readonly times: number;
}

/** SAMPLE takes some minutes: for CI. */
export const SAMPLE: Sizes = {
  stages: ['matrix', 'teardown', 'kills', 'faults'],
  moves: 6,
  points: 8,
  part: WHOLE,
  kills: 8,
  faults: 8,
  gap: 10,
  twins: 4,
  teardowns: 4,
  lives: 1,
  workers: [1],
  roundTripsMs: [0, 10],
  times: 1,
};

/** FULL is the whole proof; its random kills are those of `kills` and those of `lives`. */
export const FULL: Sizes = {
  stages: STAGES,
  moves: undefined,
  points: undefined,
  part: WHOLE,
  kills: 140,
  faults: 64,
  gap: 60,
  twins: 20,
  teardowns: undefined,
  lives: 8,
  workers: [1, 10, 50],
  roundTripsMs: [0, 10, 50],
  times: 3,
};

/** isStage tells whether a text names a stage. */
export function isStage(text: string): text is Stage {
  return STAGES.some((stage) => stage === text);
}
