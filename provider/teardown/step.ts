import type { KubeObject } from '../../lib/core/object.ts';
import type { Outcome } from '../../lib/reconcile/outcome.ts';
import type { Journal } from '../core/teardown/journal.ts';
import type { Subject } from '../core/teardown/subject.ts';
import type { ProviderDeps } from '../deps.ts';
import type { Way } from './way.ts';

/** Pass is one look at a teardown: what it is about, and what it remembers. */
export interface Pass {
  readonly deps: ProviderDeps;
  readonly subject: Subject;
  /** How the cluster stands between the sides; looked up once in a pass. */
  readonly way: () => Promise<Way>;
  /** What the teardown remembers; written when the pass ends. */
  readonly book: Book;
  /** When the cluster was last tried to be reached, in milliseconds of the monotonic clock of this process. */
  readonly lookedAt: Map<string, number>;
  /** The wall clock, RFC 3339. */
  readonly now: () => string;
}

/** Book holds the journal of a pass. */
export interface Book {
  readonly journal: Journal;
  note(change: (journal: Journal) => Journal): void;
}

/** bookOf opens a journal. */
export function bookOf(first: Journal): Book {
  let journal = first;
  return {
    get journal(): Journal {
      return journal;
    },
    note(change): void {
      journal = change(journal);
    },
  };
}

/**
 * Step is one part of a teardown. It looks at both API servers, does what is next and says whether it
 * is over; it may be cut off anywhere and run again, by another process too.
 */
export interface Step {
  readonly name: string;
  run(pass: Pass): Promise<Outcome>;
}

/** identity is how an object stands in the report. */
export function identity({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.name}`;
}

/** POLL_MS is how soon what sends us no events is looked at again, in the first minute. */
export const POLL_MS = 1000;

/** SLOW_POLL_MS is the same later on. */
export const SLOW_POLL_MS = 5000;
