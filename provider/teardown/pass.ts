import type { TeardownJournal } from '../core/teardown/journal.ts';
import type { Subject } from '../core/teardown/subject.ts';
import type { ProviderDeps } from '../deps.ts';
import type { ReachClock } from './workload.ts';

/** Pass is one reconcile of a teardown: its subject and its state. */
export interface Pass {
  readonly deps: ProviderDeps;
  readonly subject: Subject;
  /** The state that the teardown keeps across restarts. */
  readonly journal: JournalWriter;
  readonly reachClock: ReachClock;
  /** The wall clock, RFC 3339. */
  readonly now: () => string;
}

/**
 * JournalWriter collects what a pass learns and is the only mutable part of it; the report stores the
 * journal.
 */
export class JournalWriter {
  #current: TeardownJournal;

  constructor(first: TeardownJournal) {
    this.#current = first;
  }

  /** The current journal. */
  get current(): TeardownJournal {
    return this.#current;
  }

  /** Changes the journal. */
  note(change: (journal: TeardownJournal) => TeardownJournal): void {
    this.#current = change(this.#current);
  }
}

/** POLL_MS is the polling interval for objects without events, in the first minute. */
export const POLL_MS = 1000;

/** SLOW_POLL_MS is the polling interval afterwards. */
export const SLOW_POLL_MS = 5000;
