/** Quiet is why the CLI needs no advice on a reason. */
export interface Quiet {
  /**
   * Healthy: nothing is wrong. Progress: it ends by itself within seconds. Elsewhere: another condition of the
   * same cluster says what is wrong, and the advice is there. EventOnly: no condition shows it, and the CLI reads
   * no Events; the message itself says what to do.
   */
  readonly kind: 'Healthy' | 'Progress' | 'Elsewhere' | 'EventOnly';
  /** A clause; for Elsewhere the condition that has the advice, as `Kind.Condition`. */
  readonly why: string;
}

/** HEALTHY is for a reason of a state that nobody has to change. */
export const HEALTHY: Quiet = { kind: 'Healthy', why: 'nothing is wrong' };

/** PROGRESS is for a reason that is gone before anybody could act. */
export const PROGRESS: Quiet = { kind: 'Progress', why: 'it ends by itself within seconds' };

/** EVENT_ONLY is for an Event whose message is all that there is. */
export const EVENT_ONLY: Quiet = { kind: 'EventOnly', why: 'its message says what to do' };

/** toldBy is for a consequence: that condition, `Kind.Condition`, has the advice. */
export function toldBy(condition: string): Quiet {
  return { kind: 'Elsewhere', why: condition };
}

/** ReasonList describes one set of reasons: who writes it, and where a user sees it. */
export interface ReasonList<Reason extends string = string> {
  /** Kind of the object that carries them. */
  readonly object: string;
  /** Types of the conditions that carry them, or `Event`. */
  readonly shownAs: readonly string[];
  /** The constant, by its name, and the file of this folder that it stands in. */
  readonly constant: string;
  readonly file: string;
  readonly reasons: Readonly<Record<string, Reason>>;
  /** Folders and files of the programs that write them. */
  readonly writers: readonly string[];
  readonly quiet: Readonly<Partial<Record<Reason, Quiet>>>;
}

/** Keeps the reasons of `quiet` to those of the list. */
export function reasonList<Reason extends string>(list: ReasonList<Reason>): ReasonList {
  return list;
}

declare const relayedMark: unique symbol;

/** Relayed is a reason that was read off another object and is shown as it stands there. */
export type Relayed = string & { readonly [relayedMark]: true };

/** relayed is the reason of another object's condition, to be passed on as it stands. */
export function relayed(condition: { readonly reason?: string } | undefined): Relayed | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the mark is there for the compiler only
  return condition?.reason as Relayed | undefined;
}
