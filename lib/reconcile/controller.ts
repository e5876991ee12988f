import { aborted } from '../aborted.ts';
import { type BackOff, backOff } from '../core/back-off.ts';
import { isTerminal, messageOf } from '../errors.ts';
import { isConflict } from '../kube/errors.ts';
import { Patience } from '../kube/patience.ts';
import type { Logger } from '../log.ts';
import { Lanes } from './lanes.ts';
import type { ControllerMetrics, PassResult } from './metrics.ts';
import { type Pace, PACE, restAfter } from './pace.ts';
import { type Key, keyText, WorkQueue } from './work-queue.ts';

export type { Key } from './work-queue.ts';

/** Result is the result of a successful reconcile. */
export interface Result {
  /** Milliseconds until the next reconcile without an event; absent: only events trigger one. */
  readonly requeueAfterMs?: number;
}

/** Reconciler moves one object towards its desired state. */
export interface Reconciler {
  /** Name in logs and metrics. */
  readonly name: string;
  /**
   * Runs one reconcile. An exception is retried with a back-off, without an error log for a conflict (409);
   * a TerminalError is not retried before the next event. The signal says that the program stops.
   */
  reconcile(key: Key, signal: AbortSignal): Promise<Result>;
}

/** Controller runs a Reconciler for its keys, one reconcile per key at a time. */
export interface Controller {
  /**
   * Requests a reconcile; if one is running, another one follows. A key whose cluster answered slowly rests
   * first: see pace.ts.
   */
  enqueue(key: Key): void;
  /**
   * Requests a reconcile after a delay; the earliest request wins, and a reconcile that starts earlier
   * replaces it.
   */
  enqueueAfter(key: Key, ms: number): void;
  /** Runs until the signal, then waits for running reconciles. Never fails. */
  run(signal: AbortSignal): Promise<void>;
}

/** ControllerOptions configure a controller. */
export interface ControllerOptions {
  readonly log: Logger;
  /** Number of concurrent reconciles; 1 if absent. */
  readonly workers?: number;
  readonly metrics?: ControllerMetrics;
  /** Between 0 and 1; tests replace it. */
  readonly random?: () => number;
  /** How a cluster that answers slowly is treated; PACE if absent. */
  readonly pace?: Pace;
}

/** FAILURE_BACK_OFF is the back-off of failed reconciles. */
export const FAILURE_BACK_OFF: BackOff = { firstMs: 1000, longestMs: 300_000, jitter: 0.5 };
/** A conflict is not a failure: the next read of the object usually resolves it. */
const CONFLICT_BACK_OFF: BackOff = { ...FAILURE_BACK_OFF, firstMs: 50 };
/** After this many consecutive conflicts a warning is logged: two writers probably compete. */
const CONFLICTS_UNTIL_WARNING = 8;

/** Creates a controller; keys that are added before it runs are queued. */
export function createController(reconciler: Reconciler, options: ControllerOptions): Controller {
  const { workers = 1, metrics, pace = PACE } = options;
  const passes = new Passes(reconciler, options);
  const lanes = new Lanes(workers);
  const tries = new Tries(reconciler.name, pace, options.log);
  let signal: AbortSignal | undefined;
  const queue = new WorkQueue(start);

  function start(): void {
    const until = signal;
    if (until === undefined || until.aborted) return;
    for (;;) {
      const key = queue.take((next) => lanes.hasRoom(tries.isTried(next)));
      if (key === undefined) break;
      const pass = lanes.enter(tries.isTried(key), start);
      void run(key, until, pass.slow).finally(pass.leave);
    }
    metrics?.depth(reconciler.name, queue.depth);
  }

  async function run(key: Key, until: AbortSignal, slow: () => boolean): Promise<void> {
    const patience: Patience = new Patience(pace, () => {
      if (!slow()) patience.exhaust('other clusters wait');
    });
    const again = await patience.run(() => passes.run(key, until));
    const rest = tries.restAfter(key, patience);
    if (rest > 0) queue.rest(key, rest);
    if (again !== undefined && !until.aborted) queue.addAfter(key, again);
    queue.finish(key);
  }

  return {
    enqueue: (key) => queue.add(key),
    enqueueAfter: (key, ms) => queue.addAfter(key, ms),
    async run(until): Promise<void> {
      signal = until;
      start();
      await aborted(until);
      queue.close();
      await lanes.empty();
    },
  };
}

/** Tries counts the consecutive reconciles of each key that tried the patience. */
class Tries {
  readonly #controller: string;
  readonly #pace: Pace;
  readonly #log: Logger;
  readonly #counts = new Map<string, number>();

  constructor(controller: string, pace: Pace, log: Logger) {
    this.#controller = controller;
    this.#pace = pace;
    this.#log = log;
  }

  /** Whether the last reconcile of the key tried the patience. */
  isTried(key: Key): boolean {
    return this.#counts.has(keyText(key));
  }

  /** Milliseconds that the key has to rest after a reconcile. */
  restAfter(key: Key, { isTried, spentMs }: Patience): number {
    const object = keyText(key);
    if (!isTried) {
      this.#counts.delete(object);
      return 0;
    }
    const count = (this.#counts.get(object) ?? 0) + 1;
    this.#counts.set(object, count);
    const rest = restAfter(this.#pace, spentMs, count);
    const what = { controller: this.#controller, object, slowMs: spentMs, restMs: rest };
    this.#log.warn(
      what,
      'the API server of the cluster answers slowly or too much: it is asked later',
    );
    return rest;
  }
}

/** Passes runs single reconciles and counts the consecutive failures of each key. */
class Passes {
  readonly #reconciler: Reconciler;
  readonly #options: ControllerOptions;
  readonly #failures = new Map<string, number>();

  constructor(reconciler: Reconciler, options: ControllerOptions) {
    this.#reconciler = reconciler;
    this.#options = options;
  }

  /** Returns the milliseconds until the next reconcile; undefined if an event decides. */
  async run(key: Key, signal: AbortSignal): Promise<number | undefined> {
    const started = performance.now();
    try {
      const { requeueAfterMs } = await this.#reconciler.reconcile(key, signal);
      this.#failures.delete(keyText(key));
      this.#passed(requeueAfterMs === undefined ? 'success' : 'requeue_after', started);
      return requeueAfterMs;
    } catch (error) {
      if (signal.aborted) return undefined;
      return this.#failed(key, error, started);
    }
  }

  #failed(key: Key, error: unknown, started: number): number | undefined {
    const text = keyText(key);
    const { log, random = Math.random } = this.#options;
    const failures = (this.#failures.get(text) ?? 0) + 1;
    const what = { controller: this.#reconciler.name, object: text, failures };
    this.#failures.set(text, failures);
    if (isTerminal(error)) {
      this.#failures.delete(text);
      this.#passed('terminal_error', started);
      log.error(
        { ...what, error: messageOf(error) },
        'reconcile failed with a terminal error: waiting for a change',
      );
      return undefined;
    }
    if (isConflict(error)) {
      this.#passed('requeue', started);
      const level = failures < CONFLICTS_UNTIL_WARNING ? 'debug' : 'warn';
      log[level]({ ...what, error: messageOf(error) }, 'reconcile failed with a conflict');
      return backOff(CONFLICT_BACK_OFF, failures, random());
    }
    this.#passed('error', started);
    log.error({ ...what, error: messageOf(error) }, 'reconcile failed');
    return backOff(FAILURE_BACK_OFF, failures, random());
  }

  #passed(result: PassResult, started: number): void {
    const seconds = (performance.now() - started) / 1000;
    this.#options.metrics?.passed(this.#reconciler.name, result, seconds);
  }
}
