import { createHash } from 'node:crypto';

/** Whether a token may read metrics; `unknown` is a token of nobody. */
export type Verdict = 'allowed' | 'unknown' | 'denied';

/** SaturatedError is the failure of a token that is not checked, because too many others are. */
export class SaturatedError extends Error {
  override readonly name = 'SaturatedError';
}

/** A refusal is short, so that a binding which was just made takes effect at the next scrape. */
const LIFE_MS: Readonly<Record<Verdict, number>> = {
  allowed: 60_000,
  unknown: 10_000,
  denied: 10_000,
};

/** How long after its verdict an allowed token is renewed before those of strangers: longer than scrapes are apart. */
const RENEWED_MS = 15 * 60_000;
/** Verdicts of each kind that are remembered: a flood of tokens must not take the memory of the provider. */
const MOST_KNOWN = 256;
/** Reviews of strangers at the same time: such a flood must not take the API server from the controllers either. */
const MOST_REVIEWS = 8;

/** A verdict, and when it was given. */
interface Known {
  readonly verdict: Verdict;
  readonly at: number;
}

/**
 * Verdicts are the verdicts of the last minute. Requests with the same token at the same time share one review.
 * Strangers cannot displace a token that was allowed: its verdict is kept apart from refusals, and its renewal does
 * not wait for their reviews.
 */
export class Verdicts {
  readonly #review: (token: string) => Promise<Verdict>;
  readonly #now: () => number;
  /** Also those that have ended: they open nothing, but say which tokens are renewed. */
  readonly #allowed = new Map<string, Known>();
  readonly #refused = new Map<string, Known>();
  readonly #pending = new Map<string, Promise<Verdict>>();
  #strangers = 0;

  /** The review asks the API server; the time is in milliseconds. */
  constructor(review: (token: string) => Promise<Verdict>, now: () => number) {
    this.#review = review;
    this.#now = now;
  }

  /**
   * The verdict on a token. A failure is not remembered.
   *
   * @throws SaturatedError if too many other tokens are being checked, or the error of the review
   */
  async of(token: string): Promise<Verdict> {
    // A token must not stay in memory for longer than its request.
    const id = createHash('sha256').update(token).digest('base64');
    const known = this.#allowed.get(id) ?? this.#refused.get(id);
    if (known !== undefined && this.#age(known) < LIFE_MS[known.verdict]) return known.verdict;
    const pending = this.#pending.get(id);
    if (pending !== undefined) return pending;
    const fresh = this.#isRenewal(known) ? this.#ask(id, token) : this.#askForStranger(id, token);
    this.#pending.set(id, fresh);
    try {
      return await fresh;
    } finally {
      this.#pending.delete(id);
    }
  }

  #age({ at }: Known): number {
    return this.#now() - at;
  }

  #isRenewal(known: Known | undefined): boolean {
    return known?.verdict === 'allowed' && this.#age(known) < RENEWED_MS;
  }

  async #askForStranger(id: string, token: string): Promise<Verdict> {
    if (this.#strangers >= MOST_REVIEWS) {
      throw new SaturatedError(`${MOST_REVIEWS} other tokens are being checked`);
    }
    this.#strangers += 1;
    try {
      return await this.#ask(id, token);
    } finally {
      this.#strangers -= 1;
    }
  }

  async #ask(id: string, token: string): Promise<Verdict> {
    const verdict = await this.#review(token);
    this.#allowed.delete(id);
    this.#refused.delete(id);
    const kept = verdict === 'allowed' ? this.#allowed : this.#refused;
    kept.set(id, { verdict, at: this.#now() });
    forget(kept);
    return verdict;
  }
}

/** The oldest first: a Map keeps the order in which its entries were added. */
function forget(kept: Map<string, Known>): void {
  for (const id of kept.keys()) {
    if (kept.size <= MOST_KNOWN) return;
    kept.delete(id);
  }
}
