/** Quiet is why the CLI gives no advice for a reason. */
export interface Quiet {
  /**
   * Healthy: nothing is wrong. Progress: it resolves itself within seconds. Elsewhere: another condition of the
   * same cluster has the cause and the advice. EventOnly: no condition shows it, and the CLI does not read
   * Events; the message itself says what to do.
   */
  readonly kind: 'Healthy' | 'Progress' | 'Elsewhere' | 'EventOnly';
  /** A clause; for Elsewhere the condition that has the advice, as `Kind.Condition`. */
  readonly why: string;
}

/** HEALTHY is for a reason that needs no action. */
export const HEALTHY: Quiet = { kind: 'Healthy', why: 'nothing is wrong' };

/** PROGRESS is for a reason that disappears before a user could act. */
export const PROGRESS: Quiet = { kind: 'Progress', why: 'it resolves itself within seconds' };

/** EVENT_ONLY is for a reason that appears only in an Event. */
export const EVENT_ONLY: Quiet = { kind: 'EventOnly', why: 'its message says what to do' };

/** toldBy is for a reason caused by another condition, `Kind.Condition`, which has the advice. */
export function toldBy(condition: string): Quiet {
  return { kind: 'Elsewhere', why: condition };
}

/** ReasonList describes a set of reasons: which programs write them, and where users see them. */
export interface ReasonList<Reason extends string = string> {
  /** Kind of the object that has these reasons. */
  readonly object: string;
  /** Types of the conditions with these reasons, or `Event`. */
  readonly shownAs: readonly string[];
  /** Name of the constant, and the file in this folder that declares it. */
  readonly constant: string;
  readonly file: string;
  readonly reasons: Readonly<Record<string, Reason>>;
  /** Folders and files of the programs that write them. */
  readonly writers: readonly string[];
  readonly quiet: Readonly<Partial<Record<Reason, Quiet>>>;
}

/** reasonList restricts the reasons in `quiet` to those of the list. */
export function reasonList<Reason extends string>(list: ReasonList<Reason>): ReasonList {
  return list;
}

declare const relayedMark: unique symbol;

/** Relayed is a reason that is copied unchanged from another object. */
export type Relayed = string & { readonly [relayedMark]: true };

/** relayed returns the reason of another object's condition, to be copied unchanged. */
export function relayed(condition: { readonly reason?: string } | undefined): Relayed | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the mark is there for the compiler only
  return condition?.reason as Relayed | undefined;
}
