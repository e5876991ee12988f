import { createHash } from 'node:crypto';
import { recordIn } from '../core/object.ts';
import { messageOf } from '../errors.ts';
import type { KubeApi } from '../kube/api.ts';
import type { Logger } from '../log.ts';
import { type Answer, type Guard, TEXT } from './diagnostics.ts';

/** Whether a token may read metrics; `unknown` is a token of nobody. */
type Verdict = 'allowed' | 'unknown' | 'denied';

/** MetricsAuthDeps are the dependencies of {@link metricsAuth}. */
export interface MetricsAuthDeps {
  /** The API server whose users may scrape. A replica that does not lead answers too, so it must not be limited to leaders. */
  readonly api: Pick<KubeApi, 'raw'>;
  readonly log: Logger;
  /** Monotonic time in milliseconds. */
  readonly now?: () => number;
}

type Fields = Readonly<Record<string, unknown>>;

const TOKEN_REVIEWS = '/apis/authentication.k8s.io/v1/tokenreviews';
const ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

/** A refusal is short, so that a binding which was just made takes effect at the next scrape. */
const LIFE_MS: Readonly<Record<Verdict, number>> = {
  allowed: 60_000,
  unknown: 10_000,
  denied: 10_000,
};

/** Verdicts that are remembered: a flood of tokens must not take the memory of the provider. */
const MOST_KNOWN = 256;
/** Reviews at the same time: such a flood must not take the API server from the controllers either. */
const MOST_REVIEWS = 8;

const REFUSALS: Readonly<Record<Verdict, Answer | undefined>> = {
  allowed: undefined,
  unknown: refusal(401, 'unauthorized: send a token of this cluster as Authorization: Bearer'),
  denied: refusal(
    403,
    'forbidden: bind the user of the token to ClusterRole managed-cluster:metrics-reader',
  ),
};

/** The reason is in the log: it could tell a stranger where the API server is. */
const FAILED = refusal(500, 'cannot check the token: see the log of this program');

/**
 * metricsAuth lets only those read metrics whose token the API server knows and whose user may `get` the path
 * `/metrics`, as the filter of controller-runtime does (facts/kubernetes.md 2). Without an answer of the API server
 * nobody may.
 */
export function metricsAuth({ api, log, now = monotonic }: MetricsAuthDeps): Guard {
  const verdicts = new Verdicts((token) => review(api, token), now);
  return async ({ authorization }) => {
    const token = bearerToken(authorization);
    if (token === undefined) return REFUSALS.unknown;
    try {
      return REFUSALS[await verdicts.of(token)];
    } catch (error) {
      log.error({ error: messageOf(error) }, 'cannot check who asks for metrics');
      return FAILED;
    }
  };
}

function bearerToken(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}

/** The user in the answer to a TokenReview, as a SubjectAccessReview has it; undefined if the token is of nobody. */
function userIn(answer: unknown): Fields | undefined {
  const status = statusIn(answer);
  if (status['authenticated'] !== true) return undefined;
  const { username, groups, uid, extra } = recordIn(status, 'user') ?? {};
  if (typeof username !== 'string' || username === '') return undefined;
  return { user: username, groups, uid, extra };
}

function isAllowed(answer: unknown): boolean {
  const { allowed, denied } = statusIn(answer);
  return allowed === true && denied !== true;
}

/** Anything else than an answer must open nothing, and be no refusal that is remembered. */
function statusIn(answer: unknown): Fields {
  const status = recordIn(answer, 'status');
  if (status === undefined) throw new Error('the answer of the API server has no status');
  return status;
}

async function review(api: MetricsAuthDeps['api'], token: string): Promise<Verdict> {
  const who = await api.raw('POST', TOKEN_REVIEWS, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token },
  });
  const user = userIn(who);
  if (user === undefined) return 'unknown';
  const may = await api.raw('POST', ACCESS_REVIEWS, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { ...user, nonResourceAttributes: { path: '/metrics', verb: 'get' } },
  });
  return isAllowed(may) ? 'allowed' : 'denied';
}

interface Known {
  readonly verdict: Promise<Verdict>;
  until: number;
}

/** The verdicts of the last minute. Requests with the same token at the same time share one review. */
class Verdicts {
  readonly #review: (token: string) => Promise<Verdict>;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();
  #running = 0;

  constructor(reviewOf: (token: string) => Promise<Verdict>, now: () => number) {
    this.#review = reviewOf;
    this.#now = now;
  }

  /** Fails if there is no verdict; a failure is not remembered. */
  of(token: string): Promise<Verdict> {
    // A token must not stay in memory for longer than its request.
    const id = createHash('sha256').update(token).digest('base64');
    const found = this.#known.get(id);
    if (found !== undefined && this.#now() < found.until) return found.verdict;
    if (this.#running >= MOST_REVIEWS) {
      return Promise.reject(new Error(`${MOST_REVIEWS} other tokens are being checked`));
    }
    const fresh: Known = { verdict: this.#ask(token), until: Number.POSITIVE_INFINITY };
    this.#known.delete(id);
    this.#known.set(id, fresh);
    this.#forget();
    return this.#settled(id, fresh);
  }

  async #ask(token: string): Promise<Verdict> {
    this.#running += 1;
    try {
      return await this.#review(token);
    } finally {
      this.#running -= 1;
    }
  }

  async #settled(id: string, fresh: Known): Promise<Verdict> {
    try {
      const verdict = await fresh.verdict;
      fresh.until = this.#now() + LIFE_MS[verdict];
      return verdict;
    } catch (error) {
      if (this.#known.get(id) === fresh) this.#known.delete(id);
      throw error;
    }
  }

  /** The oldest first: a Map keeps the order in which its entries were added. */
  #forget(): void {
    for (const id of this.#known.keys()) {
      if (this.#known.size <= MOST_KNOWN) return;
      this.#known.delete(id);
    }
  }
}

function refusal(code: number, body: string): Answer {
  return { code, type: TEXT, body };
}

function monotonic(): number {
  return performance.now();
}
