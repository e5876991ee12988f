import type { TeardownJournal } from '../core/teardown/journal.ts';
import type { Subject } from '../core/teardown/subject.ts';
import type { ProviderDeps } from '../deps.ts';
import type { ReachClock } from './workload.ts';

/** Pass is one look at a teardown: what it is about, and what it remembers. */
export interface Pass {
  readonly deps: ProviderDeps;
  readonly subject: Subject;
  /** What the teardown remembers across restarts. */
  readonly journal: JournalWriter;
  readonly reachClock: ReachClock;
  /** The wall clock, RFC 3339. */
  readonly now: () => string;
}

/** JournalWriter takes down what a pass learns, and is all of it that changes; the report keeps the journal. */
export class JournalWriter {
  #current: TeardownJournal;

  constructor(first: TeardownJournal) {
    this.#current = first;
  }

  /** The journal as it is now. */
  get current(): TeardownJournal {
    return this.#current;
  }

  /** Changes the journal. */
  note(change: (journal: TeardownJournal) => TeardownJournal): void {
    this.#current = change(this.#current);
  }
}

/** POLL_MS is how soon what sends us no events is looked at again, in the first minute. */
export const POLL_MS = 1000;

/** SLOW_POLL_MS is the same later on. */
export const SLOW_POLL_MS = 5000;
