import { messageOf } from '../../lib/errors.ts';
import type { Clock } from './clock.ts';
import type { Proof } from './proof.ts';
import type { Random } from './random.ts';
import type { Sizes, Stage } from './stages.ts';

/** Take is told of every part of the proof, again and again while it grows. */
export type Take = (part: Partial<Proof>) => void;

/** RunOptions say how much is done, with which numbers, in which time, and who is told. */
export interface RunOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly sizes: Sizes;
  readonly take: Take;
}

/** Run is one part of the proof while it is made, in one world after the other. */
export interface Run extends RunOptions {
  /** Runs a stage, if it is wanted: one that breaks off is a failure, and no reason to leave out others. */
  stage(name: Stage, work: () => Promise<void>): Promise<void>;
  /** A world has started, whose secrets are looked for at its end. */
  started(): void;
  /** They were looked for, and this was found. */
  looked(found: readonly string[]): void;
}

/** createRun begins with nothing found. */
export function createRun(options: RunOptions): Run {
  const { clock, sizes, take } = options;
  const problems: string[] = [];
  const secrecy: string[] = [];
  const count = { worlds: 0, looked: 0 };
  return {
    ...options,
    async stage(name, work) {
      const at = sizes.stages.indexOf(name);
      if (at < 0) return;
      clock.begin(name, sizes.stages.slice(at + 1));
      const begin = performance.now();
      try {
        await work();
      } catch (error) {
        problems.push(`stage ${name} broke off: ${messageOf(error)}`);
        take({ problems: [...problems] });
      }
      console.log(`stage ${name}: ${((performance.now() - begin) / 60_000).toFixed(1)} min`);
    },
    started() {
      count.worlds += 1;
      take({ ...count });
    },
    looked(found) {
      count.looked += 1;
      secrecy.push(...found);
      take({ ...count, secrecy: [...secrecy] });
    },
  };
}

/** grow makes what a stage tells of itself its part of the proof. */
export function grow<K extends keyof Proof>(
  { take }: Pick<RunOptions, 'take'>,
  key: K,
): { readonly take: (soFar: Proof[K]) => void } {
  return { take: (soFar) => take({ [key]: soFar }) };
}
