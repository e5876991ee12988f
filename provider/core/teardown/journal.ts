import { type KubeObject, isRecord } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import type { Signs } from './unreachable.ts';

/** Gone is one object that was seen to go. */
export interface Gone {
  readonly kind: string;
  readonly name: string;
  /** Seconds from the deletion of the composite until it was seen to be gone. */
  readonly seconds: number;
}

/** StepTime is when a step of the teardown was under way. */
export interface StepTime {
  readonly name: string;
  /** RFC 3339. */
  readonly startTime: string;
  readonly endTime?: string;
}

/** Inventory is what only the cluster knew of, outside of Cluster API. */
export interface Inventory {
  readonly loadBalancers: readonly string[];
  readonly volumes: readonly string[];
}

/** TeardownJournal is what a teardown remembers across restarts. It stands in the report, next to the text. */
export interface TeardownJournal extends Signs {
  /** uid of the composite: an older teardown of the same name is another one. */
  readonly composite: string;
  /** RFC 3339. */
  readonly startTime: string;
  readonly endTime?: string;
  readonly steps: readonly StepTime[];
  /** Reason of the last thing that was waited for, so that an Event is told once. */
  readonly told?: string;
  /** What is seen now, as `Kind name`. */
  readonly present: readonly string[];
  readonly gone: readonly Gone[];
  readonly inventory?: Inventory;
  /** Sentences: what stays on purpose, and why. */
  readonly left: readonly string[];
  /** Sentences: what could not be proved. */
  readonly unproved: readonly string[];
}

/** newJournal is that of a teardown that begins. */
export function newJournal(composite: string, startTime: string): TeardownJournal {
  const nothing = { steps: [], present: [], gone: [], left: [], unproved: [] };
  return { composite, startTime, unreachableMs: 0, ...nothing };
}

/** parsedJournal reads a journal back; undefined when it is not one, or not that of this composite. */
export function parsedJournal(
  text: string | undefined,
  composite: string,
): TeardownJournal | undefined {
  const value = jsonIn(text);
  return isJournal(value) && value.composite === composite ? value : undefined;
}

function jsonIn(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}

function isJournal(value: unknown): value is TeardownJournal {
  return (
    isRecord(value) &&
    typeof value['composite'] === 'string' &&
    typeof value['startTime'] === 'string' &&
    typeof value['unreachableMs'] === 'number' &&
    ['steps', 'present', 'gone', 'left', 'unproved'].every((field) => Array.isArray(value[field]))
  );
}

/** withStep notes that a step is under way, and that the ones before it are over. */
export function withStep(
  journal: TeardownJournal,
  name: string | undefined,
  now: string,
): TeardownJournal {
  const [last] = journal.steps.slice(-1);
  if (last?.name === name && last?.endTime === undefined) return journal;
  const over = journal.steps.map((step) =>
    step.endTime === undefined ? { ...step, endTime: now } : step,
  );
  return { ...journal, steps: name === undefined ? over : [...over, { name, startTime: now }] };
}

/** withPresent compares what is seen with what was seen before: what is missing has gone. */
export function withPresent(
  journal: TeardownJournal,
  present: readonly string[],
  now: string,
): TeardownJournal {
  const there = new Set(present);
  const seconds = secondsSince(journal.startTime, now);
  const gone = journal.present
    .filter((identity) => !there.has(identity))
    .map((identity) => ({ ...split(identity), seconds }));
  const known = new Set(gone.map((one) => `${one.kind} ${one.name}`));
  return {
    ...journal,
    present: [...there].toSorted(compareText),
    gone: [...journal.gone.filter((one) => !known.has(`${one.kind} ${one.name}`)), ...gone],
  };
}

/** withSeen is {@link withPresent} for some of the objects only; the title of an object is `Kind name`. */
export function withSeen(
  journal: TeardownJournal,
  seen: readonly KubeObject[],
  isOneOfThem: (title: string) => boolean,
  now: string,
): TeardownJournal {
  const others = journal.present.filter((title) => !isOneOfThem(title));
  const titles = seen.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  return withPresent(journal, [...others, ...titles], now);
}

function split(identity: string): { readonly kind: string; readonly name: string } {
  const [kind = '', name = ''] = identity.split(' ');
  return { kind, name };
}

/** withUnproved adds a sentence, once. */
export function withUnproved(journal: TeardownJournal, sentence: string): TeardownJournal {
  if (journal.unproved.includes(sentence)) return journal;
  return { ...journal, unproved: [...journal.unproved, sentence] };
}

/** withLeft adds a sentence about what stays, once. */
export function withLeft(journal: TeardownJournal, sentence: string): TeardownJournal {
  if (journal.left.includes(sentence)) return journal;
  return { ...journal, left: [...journal.left, sentence] };
}

/** secondsSince is in whole seconds, and never below zero: clocks jump. */
export function secondsSince(start: string, now: string): number {
  const seconds = Math.round((Date.parse(now) - Date.parse(start)) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
