import { type KubeObject, isRecord } from '../../../lib/core/object.ts';
import { cutText } from '../../../lib/core/reported.ts';
import { compareText } from '../../../lib/core/order.ts';
import type { Signs } from './unreachable.ts';

/** Gone is one object whose removal was observed. */
export interface Gone {
  readonly kind: string;
  readonly name: string;
  /** Seconds from the deletion of the composite until the object was observed to be gone. */
  readonly seconds: number;
}

/** StepTime is when a step of the teardown ran. */
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

/**
 * TeardownJournal is the state that a teardown keeps across restarts. It is stored in the report, next to
 * the text.
 */
export interface TeardownJournal extends Signs {
  /** uid of the composite: a teardown of an older composite with the same name has its own journal. */
  readonly composite: string;
  /** RFC 3339. */
  readonly startTime: string;
  readonly endTime?: string;
  readonly steps: readonly StepTime[];
  /** Reason that was reported last, so that an Event is sent only once. */
  readonly told?: string;
  /** Objects that exist now, as `Kind name`. */
  readonly present: readonly string[];
  readonly gone: readonly Gone[];
  /** Number of objects that were removed and are not listed, because the list was too long. */
  readonly goneMore?: number;
  readonly inventory?: Inventory;
  /** Messages: what is kept on purpose, and why. */
  readonly left: readonly string[];
  /** Messages: what could not be verified. */
  readonly unproved: readonly string[];
}

/** newJournal returns the journal of a teardown that starts. */
export function newJournal(composite: string, startTime: string): TeardownJournal {
  const nothing = { steps: [], present: [], gone: [], left: [], unproved: [] };
  return { composite, startTime, unreachableMs: 0, ...nothing };
}

/** parsedJournal parses a journal; undefined if it is invalid or belongs to another composite. */
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

/** withStep records that a step is running and that the previous steps have finished. */
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

/** Longest title of an object: the names of kinds and objects are shorter, on an API server that checks them. */
const LONGEST_TITLE = 330;

/** withPresent compares the existing objects with the previous ones: missing objects have been removed. */
export function withPresent(
  journal: TeardownJournal,
  present: readonly string[],
  now: string,
): TeardownJournal {
  const there = new Set(present.map((title) => cutText(title, LONGEST_TITLE)));
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

/** withSeen is {@link withPresent} for a subset of the objects; the title of an object is `Kind name`. */
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

/** withUnproved adds a message about what could not be verified, once. */
export function withUnproved(journal: TeardownJournal, sentence: string): TeardownJournal {
  const unproved = withSentence(journal.unproved, sentence);
  return unproved === journal.unproved ? journal : { ...journal, unproved };
}

/** withLeft adds a message about what is kept, once. */
export function withLeft(journal: TeardownJournal, sentence: string): TeardownJournal {
  const left = withSentence(journal.left, sentence);
  return left === journal.left ? journal : { ...journal, left };
}

/** Longest sentence, and number of sentences of one kind: they quote what a cluster says. */
const LONGEST_SENTENCE = 400;
const MOST_SENTENCES = 16;

function withSentence(all: readonly string[], sentence: string): readonly string[] {
  const next =
    all.length < MOST_SENTENCES ? cutText(sentence, LONGEST_SENTENCE) : 'and more of the same kind';
  return all.includes(next) ? all : [...all, next];
}

/** secondsSince returns whole seconds, never negative: clocks can jump. */
export function secondsSince(start: string, now: string): number {
  const seconds = Math.round((Date.parse(now) - Date.parse(start)) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
