import type { SeenRequest } from './seen-request.ts';

/** Moment is a callback at a write; `drop` closes the connection. */
export type Moment = (request: SeenRequest) => Answer | Promise<Answer>;

type Answer = 'drop' | 'pass';

/** Moments are the callbacks at numbered writes. */
export interface Moments {
  add(n: number, when: 'before' | 'after', callback: Moment): () => void;
  clear(): void;
  /** Calls the callbacks for this moment, each once. */
  reach(request: SeenRequest, when: 'before' | 'after'): Promise<Answer>;
}

/** createMoments is an empty set of callbacks. */
export function createMoments(): Moments {
  const waiting = new Map<string, Moment>();
  return {
    add(n, when, callback) {
      const key = `${n} ${when}`;
      waiting.set(key, callback);
      return () => {
        if (waiting.get(key) === callback) waiting.delete(key);
      };
    },
    clear: () => waiting.clear(),
    async reach(request, when) {
      const key = `${request.write ?? 'none'} ${when}`;
      const callback = waiting.get(key);
      waiting.delete(key);
      return callback === undefined ? 'pass' : callback(request);
    },
  };
}
