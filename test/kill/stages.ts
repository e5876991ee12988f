/** STAGES are the parts of the proof, in the order in which they run. */
export const STAGES = [
  'moves',
  'pauses',
  'gap',
  'matrix',
  'kills',
  'faults',
  'twins',
  'teardown',
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

/** Sizes say how much of everything is done. */
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
  /** Worker machines of the clusters whose pause is measured. */
  readonly workers: readonly number[];
  /** Milliseconds that are added to each round trip. */
  readonly roundTripsMs: readonly number[];
  /** Handovers for each pause. */
  readonly times: number;
}

/** SAMPLE takes some minutes: for CI. */
export const SAMPLE: Sizes = {
  stages: ['matrix', 'kills', 'faults'],
  moves: 6,
  points: 10,
  part: WHOLE,
  kills: 8,
  faults: 8,
  gap: 10,
  twins: 4,
  teardowns: 6,
  workers: [1],
  roundTripsMs: [0, 10],
  times: 1,
};

/** FULL is the whole proof. */
export const FULL: Sizes = {
  stages: STAGES,
  moves: undefined,
  points: undefined,
  part: WHOLE,
  kills: 200,
  faults: 60,
  gap: 60,
  twins: 20,
  teardowns: undefined,
  workers: [1, 10, 50],
  roundTripsMs: [0, 10, 50],
  times: 3,
};

/** isStage tells whether a text names a stage. */
export function isStage(text: string): text is Stage {
  return STAGES.some((stage) => stage === text);
}
