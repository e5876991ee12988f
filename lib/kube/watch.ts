import { setTimeout as delay } from 'node:timers/promises';
import { type BackOff, backOff } from '../core/back-off.ts';
import type { KubeList, TypeRef, WatchEvent, WatchOptions } from './api.ts';
import { type StatusBody, StatusError } from './errors.ts';
import { type RawEvent, type ViewParts, WatchView } from './watch-view.ts';

/** WatchSource is the part of an API server that a watch needs. */
export interface WatchSource {
  list(): Promise<KubeList>;
  /** Events after a resourceVersion, until the server ends the stream. */
  events(resourceVersion: string, signal: AbortSignal): AsyncIterable<RawEvent>;
}

/** WatchPacing contains the timing and randomness of a watch; tests shorten it. */
export interface WatchPacing {
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly now: () => number;
}

/** WATCH_BACK_OFF is the back-off of a failed watch. */
export const WATCH_BACK_OFF: BackOff = { firstMs: 500, longestMs: 30_000, jitter: 0.5 };
/** A stream that the server ends sooner than this counts as a failure, to avoid a tight loop. */
const SHORT_STREAM_MS = 1000;
/**
 * An attempt that lasted this long before it failed resets the failure count: it was connected, or slow
 * enough.
 */
const LONG_ATTEMPT_MS = 10_000;

/** RunWatchOptions configure {@link runWatch}. */
export interface RunWatchOptions extends WatchOptions, Pick<ViewParts, 'mostObjects'> {
  readonly type: TypeRef;
}

const REAL_PACING: WatchPacing = {
  sleep: (ms, signal) => delay(ms, undefined, { signal, ref: true }).catch(() => undefined),
  random: () => Math.random(),
  now: () => performance.now(),
};

/**
 * Lists and watches until the signal. Fails only if `onEvent` throws; every other failure is passed to
 * `onError` and retried with a jittered back-off of at most 30 s.
 */
export async function runWatch(
  source: WatchSource,
  onEvent: (event: WatchEvent) => void,
  options: RunWatchOptions,
  pacing: WatchPacing = REAL_PACING,
): Promise<void> {
  const { signal } = options;
  const view = new WatchView({ ...options, onEvent });
  let failures = 0;
  while (!signal.aborted) {
    const started = pacing.now();
    const taken = view.taken;
    const error = await follow(source, view, signal).catch(reasonOf);
    if (view.broken !== undefined) throw view.broken.error;
    if (signal.aborted) return;
    if (error !== undefined) options.onError?.(error);
    const lasted = pacing.now() - started;
    failures = failuresAfter({ error, lasted, progress: view.taken > taken, failures });
    if (failures > 0) {
      // The server may have been restored from a backup meanwhile: a watch from a version of its future is silent.
      view.resourceVersion = undefined;
      await pacing.sleep(backOff(WATCH_BACK_OFF, failures, pacing.random()), signal);
    }
  }
}

interface Attempt {
  readonly error: unknown;
  /** Milliseconds. */
  readonly lasted: number;
  /** Whether any events arrived. */
  readonly progress: boolean;
  /** Previous consecutive failures. */
  readonly failures: number;
}

function failuresAfter({ error, lasted, progress, failures }: Attempt): number {
  if (error === undefined && (progress || lasted >= SHORT_STREAM_MS)) return 0;
  return progress || lasted >= LONG_ATTEMPT_MS ? 1 : failures + 1;
}

async function follow(
  source: WatchSource,
  view: WatchView,
  signal: AbortSignal,
): Promise<undefined> {
  if (view.resourceVersion === undefined) view.relisted(await source.list());
  if (view.resourceVersion === undefined) return;
  for await (const event of source.events(view.resourceVersion, signal)) {
    if (signal.aborted) return;
    if (event.type === 'ERROR') throw eventError(event.object);
    view.take(event);
  }
}

function reasonOf(error: unknown): unknown {
  return error ?? new Error('cannot watch: failed without an error');
}

function eventError(status: StatusBody & { readonly kind: string }): StatusError {
  return new StatusError('watch', status.code ?? 500, status);
}
