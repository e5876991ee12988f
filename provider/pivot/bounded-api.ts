import type { KubeApi } from '../../lib/kube/api.ts';

/** MOST_REQUESTS is how many requests are in flight at one API server (facts/performance.md 3). */
const MOST_REQUESTS = 200;

/** BoundedOptions say when to stop and whom to tell. */
export interface BoundedOptions {
  /** The program ends, or has lost the lease: nothing may be written from then on. */
  readonly signal: AbortSignal;
  /** Told of every request that failed. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * boundedApi is an API server with at most 200 requests in flight, shared by all pivots of this process,
 * and none after the signal: a process that was stopped for a while must not go on writing.
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
    // A watch is no request that ends: it does not count.
    watch: (type, onEvent, watch) => api.watch(type, onEvent, watch),
  };
}

const gates = new WeakMap<KubeApi, Gate>();

function gateOf(api: KubeApi): Gate {
  const known = gates.get(api) ?? new Gate();
  gates.set(api, known);
  return known;
}

/** Gate lets so many in at a time, first come, first served. */
class Gate {
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  async enter(): Promise<void> {
    if (this.#inside < MOST_REQUESTS) {
      this.#inside += 1;
      return;
    }
    // Whoever leaves hands the place over.
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
