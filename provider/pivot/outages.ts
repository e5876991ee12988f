import { isUnreachable } from '../../lib/kube/errors.ts';

/** Failures further apart belong to two outages. */
const APART_MS = 5000;

/** An outage may have begun, and ended, some time before and after the failures that show it. */
const UNSEEN_MS = 2000;

/** client-go v0.35 tools/cache Reflector: the first pause, up to twice as long by jitter, and the longest one. */
const FIRST_PAUSE_MS = 1600;
const LONGEST_PAUSE_MS = 60_000;

/** After this time without a failure client-go begins with the first pause again. */
const CALM_MS = 120_000;

interface Outage {
  readonly count: number;
  /** Sum of all outages up to the one that began at `beganAt`. */
  readonly beforeMs: number;
  readonly beganAt: number;
  readonly failedAt: number;
}

/**
 * Outages remembers when API servers did not answer. A controller whose watch broke connects again only after a pause,
 * which grows with the outage. Until then its cache is old: KubeadmControlPlane, which did not see the Machines that
 * were copied meanwhile, creates one more (docs/decisions/0027). Shared by all pivots.
 */
export class Outages {
  readonly #monotonicMs: () => number;
  readonly #known = new WeakMap<object, Outage>();

  /** `monotonicMs` is a clock that cannot jump, in milliseconds. */
  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** To be called with every failure of a request to an API server. */
  failed(server: object, error: unknown): void {
    if (!isUnreachable(error)) return;
    const now = this.#monotonicMs();
    const last = this.#known.get(server);
    if (last === undefined || now - last.failedAt > CALM_MS) {
      this.#known.set(server, { count: 1, beforeMs: 0, beganAt: now, failedAt: now });
    } else if (now - last.failedAt > APART_MS) {
      const { count, beforeMs, beganAt, failedAt } = last;
      const before = beforeMs + failedAt - beganAt;
      this.#known.set(server, { count: count + 1, beforeMs: before, beganAt: now, failedAt: now });
    } else {
      this.#known.set(server, { ...last, failedAt: now });
    }
  }

  /** Milliseconds until every controller is connected again that lost its watch; 0 if there was no outage. */
  reconnectingMs(server: object): number {
    const outage = this.#known.get(server);
    if (outage === undefined) return 0;
    return Math.max(0, outage.failedAt + longestPauseMs(outage) - this.#monotonicMs());
  }
}

/**
 * The pauses double: their sum up to the last failure is at most the length of the outages, so the next one is at most
 * twice as long. An outage adds one doubling by the pause during which it ended.
 */
function longestPauseMs({ count, beforeMs, beganAt, failedAt }: Outage): number {
  const lengthMs = beforeMs + failedAt - beganAt + UNSEEN_MS;
  const pauseMs = 2 ** (count - 1) * (2 * lengthMs + FIRST_PAUSE_MS);
  return Math.min(LONGEST_PAUSE_MS, pauseMs) + UNSEEN_MS;
}
