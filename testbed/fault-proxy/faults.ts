import type { SeenRequest } from './seen-request.ts';

/** Fault is what a request gets instead of the response of the server. */
export type Fault =
  | {
      /** The proxy answers with a Status like kube-apiserver. */
      readonly kind: 'status';
      readonly code: 409 | 429 | 500 | 503;
      readonly retryAfterSeconds?: number;
    }
  /** Never answered; the connection stays open. */
  | { readonly kind: 'stall' }
  /** The connection is closed. */
  | { readonly kind: 'drop' };

/** Injection is a fault and the requests that it applies to. */
export interface Injection {
  readonly fault: Fault;
  /** The requests that it applies to; all by default. */
  readonly match?: (request: SeenRequest) => boolean;
  /** The number of requests; unlimited by default. */
  readonly times?: number;
  /**
   * `before` (default): the request never reaches the server. `after`: the server has processed it, and its
   * response is lost.
   */
  readonly when?: 'before' | 'after';
}

/** Faults are the active injections. */
export interface Faults {
  /** Injects a fault; returns a function that removes it. */
  inject(injection: Injection): () => void;
  /** Removes all. */
  clear(): void;
  /** The fault for this request now; it counts as used. */
  take(request: SeenRequest, when: 'before' | 'after'): Fault | undefined;
}

/** createFaults is an empty set; the first injection takes precedence. */
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
