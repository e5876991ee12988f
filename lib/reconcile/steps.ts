import { done, type Outcome } from './outcome.ts';

/**
 * Step is one part of a longer operation. It determines its own progress, does what is left, and returns
 * the outcome. It may be interrupted at any request and run again, also by another process. It passes to
 * the next step only what that step would otherwise have to read again, or requires.
 */
export interface Step<Context, Given = void, Next = void> {
  /** The name in status and metrics. */
  readonly name: string;
  run(context: Context, given: Given): Promise<Outcome<Next>>;
}

/** Around wraps the run of one step, to record it. */
export type Around = <Value>(
  name: string,
  run: () => Promise<Outcome<Value>>,
) => Promise<Outcome<Value>>;

/** Steps is a list of steps, each of which takes the result of the previous one; the compiler checks this. */
export interface Steps<Context, Given = void, Next = void> {
  readonly names: readonly string[];
  /** Appends a step or another list. */
  followedBy<After>(
    next: Step<Context, Next, After> | Steps<Context, Next, After>,
  ): Steps<Context, Given, After>;
  /** Runs the steps in order until one is open; returns its Outcome, or that of the last step. */
  run(context: Context, given: Given, around?: Around): Promise<Outcome<Next>>;
}

/** startingWith creates a list with one step. */
export function startingWith<Context, Given, Next>(
  step: Step<Context, Given, Next>,
): Steps<Context, Given, Next> {
  return listOf([step.name], (context, given, around) =>
    around(step.name, () => step.run(context, given)),
  );
}

/** inOrder creates a list of steps that pass no values. */
export function inOrder<Context>(steps: readonly Step<Context>[]): Steps<Context> {
  const none = listOf<Context, void, void>([], () => Promise.resolve(done));
  return steps.reduce((list, step) => list.followedBy(step), none);
}

/** A finished step that is to be checked again is, however far the steps after it get. */
function within<Value>(ms: number | undefined, outcome: Outcome<Value>): Outcome<Value> {
  if (ms === undefined || outcome.kind === 'Stalled' || outcome.kind === 'GiveUp') return outcome;
  return { ...outcome, requeueAfterMs: Math.min(ms, outcome.requeueAfterMs ?? ms) };
}

type Run<Context, Given, Next> = (
  context: Context,
  given: Given,
  around: Around,
) => Promise<Outcome<Next>>;

function listOf<Context, Given, Next>(
  names: readonly string[],
  run: Run<Context, Given, Next>,
): Steps<Context, Given, Next> {
  return {
    names,
    run: (context, given, around = (_name, work) => work()) => run(context, given, around),
    followedBy(next) {
      const rest = 'names' in next ? next : startingWith(next);
      return listOf([...names, ...rest.names], async (context, given, around) => {
        const outcome = await run(context, given, around);
        if (outcome.kind !== 'Done') return outcome;
        return within(outcome.requeueAfterMs, await rest.run(context, outcome.value, around));
      });
    },
  };
}
