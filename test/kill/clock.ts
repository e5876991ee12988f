import type { Stage } from './stages.ts';

/** Minutes that a stage takes in one of two parts, on two busy cores: shares of the time that there is. */
const MINUTES: Readonly<Record<Stage, number>> = {
  moves: 8,
  pauses: 25,
  gap: 4,
  matrix: 12,
  teardown: 22,
  kills: 12,
  faults: 6,
  twins: 3,
  lives: 20,
};

/** Clock divides the time that all may take among the stages, so that none gets nothing. */
export interface Clock {
  /** Begins a stage: of what is left it gets a share beside those that are still to come. */
  begin(stage: Stage, toCome: readonly Stage[]): void;
  /** Whether the share of the stage is used up; it ends early then, and says how far it came. */
  expired(): boolean;
}

/** createClock begins now; `now` is in milliseconds. */
export function createClock(minutes: number, now: () => number): Clock {
  const end = now() + minutes * 60_000;
  let stageEnd = end;
  return {
    begin(stage, toCome) {
      const rest = toCome.reduce((sum, one) => sum + MINUTES[one], 0);
      const share = MINUTES[stage] / (MINUTES[stage] + rest);
      stageEnd = now() + Math.max(0, end - now()) * share;
    },
    expired: () => now() > stageEnd,
  };
}
