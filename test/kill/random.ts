/** Random is a source of numbers that a seed repeats. */
export interface Random {
  /** A whole number from 0 up to, and without, the end. */
  below(end: number): number;
  /** One of some. */
  pick<T>(of: readonly T[]): T;
  /** Some of them, each at most once, in their own order. */
  sample<T>(of: readonly T[], count: number): readonly T[];
}

/** random draws from a seed: mulberry32, which is small and good enough to choose kill points. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  function below(end: number): number {
    return Math.floor(next() * end);
  }
  return {
    below,
    pick(of) {
      const chosen = of[below(of.length)];
      if (chosen === undefined) throw new Error('cannot pick one of none');
      return chosen;
    },
    sample(of, count) {
      const left = [...of.keys()];
      const chosen = Array.from({ length: Math.min(count, of.length) }, () =>
        left.splice(below(left.length), 1),
      ).flat();
      return of.filter((_one, index) => chosen.includes(index));
    },
  };
}
