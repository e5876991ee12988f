import type { SeenRequest } from './seen-request.ts';

/** Fault is what happens to a request instead of an answer of the server. */
export type Fault =
  | {
      /** Answered by the proxy, with a Status as kube-apiserver writes it. */
      readonly kind: 'status';
      readonly code: 409 | 429 | 500 | 503;
      readonly retryAfterSeconds?: number;
    }
  /** Never answered; the connection stays. */
  | { readonly kind: 'stall' }
  /** The connection breaks. */
  | { readonly kind: 'drop' };

/** Injection is a fault and the requests that it happens to. */
export interface Injection {
  readonly fault: Fault;
  /** Whom it happens to; everybody when absent. */
  readonly match?: (request: SeenRequest) => boolean;
  /** To how many; all when absent. */
  readonly times?: number;
  /**
   * `before` (default): the request never reaches the server. `after`: the server has done it, and
   * its answer is lost.
   */
  readonly when?: 'before' | 'after';
}

/** Faults are those that are injected now. */
export interface Faults {
  /** Injects one; what is returned takes it away again. */
  inject(injection: Injection): () => void;
  /** Takes all away. */
  clear(): void;
  /** The fault of this request at this moment, which is then used up. */
  take(request: SeenRequest, when: 'before' | 'after'): Fault | undefined;
}

/** createFaults is an empty set; the one that was injected first wins. */
export function createFaults(): Faults {
  const all = new Map<symbol, { readonly injection: Injection; left: number }>();
  return {
    inject(injection) {
      const key = Symbol('injection');
      all.set(key, { injection, left: injection.times ?? Number.POSITIVE_INFINITY });
      return () => void all.delete(key);
    },
    clear: () => all.clear(),
    take(request, when) {
      for (const [key, entry] of all) {
        const { fault, match, when: moment = 'before' } = entry.injection;
        if (moment !== when || match?.(request) === false) continue;
        entry.left -= 1;
        if (entry.left <= 0) all.delete(key);
        return fault;
      }
      return undefined;
    },
  };
}

const REASONS = {
  409: 'Conflict',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
} as const;

/** statusBody is the body of an injected answer: a `metav1.Status`. */
export function statusBody({ code, retryAfterSeconds }: Fault & { kind: 'status' }): object {
  return {
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    message: `injected by the fault proxy: ${REASONS[code]}`,
    reason: REASONS[code],
    details: retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
    code,
  };
}
