import type { KubeApi } from '../../lib/kube/api.ts';

/** MOST_REQUESTS is the maximum number of requests in flight to one API server (facts/performance.md 3). */
const MOST_REQUESTS = 200;

/** BoundedOptions configure a {@link boundedApi}. */
export interface BoundedOptions {
  /** The program stops or has lost its lease: no write may follow. */
  readonly signal: AbortSignal;
  /** Called for every failed request. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * boundedApi wraps an API server with at most 200 requests in flight, shared by all pivots of this process,
 * and none after the signal: a process that was suspended must not continue to write.
 */
export function boundedApi(api: KubeApi, options: BoundedOptions): KubeApi {
  const gate = gateOf(api);
  async function bounded<Result>(request: () => Promise<Result>): Promise<Result> {
    await gate.enter();
    try {
      options.signal.throwIfAborted();
      return await request();
    } catch (error) {
      options.onFailure?.(error);
      throw error;
    } finally {
      gate.leave();
    }
  }
  return {
    get: (ref) => bounded(() => api.get(ref)),
    list: (type, selectors) => bounded(() => api.list(type, selectors)),
    create: (object, write) => bounded(() => api.create(object, write)),
    replace: (object, write) => bounded(() => api.replace(object, write)),
    apply: (object, apply) => bounded(() => api.apply(object, apply)),
    patch: (ref, patch, write) => bounded(() => api.patch(ref, patch, write)),
    delete: (ref, how) => bounded(() => api.delete(ref, how)),
    raw: (method, path, body) => bounded(() => api.raw(method, path, body)),
    // A watch does not end like other requests, so it does not count.
    watch: (type, onEvent, watch) => api.watch(type, onEvent, watch),
  };
}

const gates = new WeakMap<KubeApi, Gate>();

function gateOf(api: KubeApi): Gate {
  const known = gates.get(api) ?? new Gate();
  gates.set(api, known);
  return known;
}

/** Gate limits concurrency, first come, first served. */
class Gate {
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  async enter(): Promise<void> {
    if (this.#inside < MOST_REQUESTS) {
      this.#inside += 1;
      return;
    }
    // The slot passes directly to the next waiter.
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#inside -= 1;
    else next();
  }
}
