import { done, type Outcome } from './outcome.ts';

/**
 * Step is one part of a longer work. It sees for itself how far it is, does what is left and says what came
 * of it; it may be cut off at any request and run again, by another process too. What it hands to the next
 * step is only what that step would otherwise have to look up, or must not do without.
 */
export interface Step<Context, Given = void, Next = void> {
  /** As it stands in status and metrics. */
  readonly name: string;
  run(context: Context, given: Given): Promise<Outcome<Next>>;
}

/** Around runs one step; what shall be noted of every step is noted there. */
export type Around = <Value>(
  name: string,
  run: () => Promise<Outcome<Value>>,
) => Promise<Outcome<Value>>;

/** Steps is a list of steps, each of which takes what the one before it hands on; the compiler proves it. */
export interface Steps<Context, Given = void, Next = void> {
  readonly names: readonly string[];
  /** The list with a step, or another list, at its end. */
  followedBy<After>(
    next: Step<Context, Next, After> | Steps<Context, Next, After>,
  ): Steps<Context, Given, After>;
  /** Runs the steps in order, as far as they are over; gives the first open Outcome, or the last one. */
  run(context: Context, given: Given, around?: Around): Promise<Outcome<Next>>;
}

/** startingWith is the list of one step. */
export function startingWith<Context, Given, Next>(
  step: Step<Context, Given, Next>,
): Steps<Context, Given, Next> {
  return listOf([step.name], (context, given, around) =>
    around(step.name, () => step.run(context, given)),
  );
}

/** inOrder is a list of steps that hand nothing on. */
export function inOrder<Context>(steps: readonly Step<Context>[]): Steps<Context> {
  const none = listOf<Context, void, void>([], () => Promise.resolve(done));
  return steps.reduce((list, step) => list.followedBy(step), none);
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
        return outcome.kind === 'Done' ? rest.run(context, outcome.value, around) : outcome;
      });
    },
  };
}
