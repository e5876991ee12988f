import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { TerminalError } from '../errors.ts';
import { StatusError } from '../kube/errors.ts';
import { createLogger } from '../log.ts';
import { backOff } from '../core/back-off.ts';
import { createController, FAILURE_BACK_OFF, type Key, type Result } from './controller.ts';
import { createControllerMetrics } from './metrics.ts';

const A: Key = { namespace: 'ns', name: 'a' };
const B: Key = { namespace: 'ns', name: 'b' };

let stop = new AbortController();
beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  stop.abort();
  stop = new AbortController();
  jest.useRealTimers();
});

/** A reconcile that takes some time. */
function takes(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Advances the clock. */
function pause(ms = 0): Promise<void> {
  return jest.advanceTimersByTimeAsync(ms);
}

type Pass = (key: Key, nth: number) => Promise<Result>;

/** A running controller; `random` 0 halves each delay. */
function running(pass: Pass, workers = 1) {
  const seen: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const registry = new Registry();
  let nth = 0;
  const controller = createController(
    {
      name: 'test',
      reconcile: (key) => {
        seen.push(key.name);
        nth += 1;
        return pass(key, nth);
      },
    },
    {
      log: createLogger('debug', { write: (line) => lines.push(JSON.parse(line)) }),
      workers,
      metrics: createControllerMetrics(registry),
      random: () => 0,
    },
  );
  const ended = controller.run(stop.signal);
  return { controller, seen, lines, registry, ended };
}

describe('controller', () => {
  it('runs a key once however often it is enqueued, and once more if it is enqueued while running', async () => {
    const { controller, seen } = running(() => takes(10).then(() => ({})), 3);
    for (let i = 0; i < 3; i++) controller.enqueue(A);
    expect(seen).toEqual(['a']);
    await pause(40);
    expect(seen).toEqual(['a', 'a']);
  });

  it('runs different keys concurrently, up to the number of workers', async () => {
    let now = 0;
    let most = 0;
    const { controller, seen } = running(async () => {
      now += 1;
      most = Math.max(most, now);
      await takes(5);
      now -= 1;
      return {};
    }, 2);
    for (let i = 0; i < 6; i++) controller.enqueue({ namespace: '', name: String(i) });
    await pause(60);
    expect(seen).toHaveLength(6);
    expect(most).toBe(2);
  });

  it('keeps keys that are enqueued before it runs', async () => {
    const seen: string[] = [];
    const controller = createController(
      {
        name: 'test',
        reconcile: (key) => Promise.resolve(void seen.push(key.name)).then(() => ({})),
      },
      { log: createLogger('silent') },
    );
    controller.enqueue(A);
    expect(seen).toEqual([]);
    void controller.run(stop.signal);
    await pause();
    expect(seen).toEqual(['a']);
  });

  it('requeues after the requested delay', async () => {
    const { controller, seen } = running((_key, nth) =>
      Promise.resolve(nth === 1 ? { requeueAfterMs: 30 } : {}),
    );
    controller.enqueue(A);
    await pause(10);
    expect(seen).toEqual(['a']);
    await pause(50);
    expect(seen).toEqual(['a', 'a']);
  });

  it('uses the earliest of several delays, and drops them after an earlier reconcile', async () => {
    const { controller, seen } = running(() => Promise.resolve({}));
    controller.enqueueAfter(A, 20);
    controller.enqueueAfter(A, 500);
    controller.enqueueAfter(B, 30);
    controller.enqueue(B);
    await pause(80);
    expect(seen).toEqual(['b', 'a']);
  });

  it('retries a failure after at least half a second, and logs it', async () => {
    const { controller, seen, lines } = running((_key, nth) =>
      nth === 1 ? Promise.reject(new Error('broken')) : Promise.resolve({}),
    );
    controller.enqueue(A);
    await pause(400);
    expect(seen).toEqual(['a']);
    await pause(250);
    expect(seen).toEqual(['a', 'a']);
    expect(lines).toEqual([
      expect.objectContaining({ severity: 'ERROR', object: 'ns/a', error: 'broken', failures: 1 }),
    ]);
  });

  it('an event does not wait for the back-off', async () => {
    const { controller, seen } = running((_key, nth) =>
      nth === 1 ? Promise.reject(new Error('broken')) : Promise.resolve({}),
    );
    controller.enqueue(A);
    await pause();
    controller.enqueue(A);
    await pause();
    expect(seen).toEqual(['a', 'a']);
  });

  it('retries a conflict soon, without an error in the log', async () => {
    const conflict = new StatusError('PUT', 409, { reason: 'Conflict' });
    const { controller, seen, lines } = running((_key, nth) =>
      nth < 3
        ? Promise.reject(new Error('cannot write', { cause: conflict }))
        : Promise.resolve({}),
    );
    controller.enqueue(A);
    await pause(200);
    expect(seen).toEqual(['a', 'a', 'a']);
    expect(lines.map(({ severity }) => severity)).toEqual(['DEBUG', 'DEBUG']);
  });

  it('does not retry a terminal error before the next event', async () => {
    const { controller, seen } = running(() => Promise.reject(new TerminalError('bad spec')));
    controller.enqueue(A);
    await pause(700);
    expect(seen).toEqual(['a']);
    controller.enqueue(A);
    await pause();
    expect(seen).toEqual(['a', 'a']);
  });

  it('waits for the running reconcile when it is stopped, and starts no other', async () => {
    let finished = false;
    const { controller, seen, ended } = running(async () => {
      await takes(30);
      finished = true;
      return { requeueAfterMs: 1 };
    });
    controller.enqueue(A);
    controller.enqueue(B);
    stop.abort();
    await Promise.all([ended, pause(30)]);
    expect(finished).toBe(true);
    await pause(20);
    expect(seen).toEqual(['a']);
  });

  it('counts as controller-runtime does', async () => {
    const { controller, registry } = running((_key, nth) =>
      nth === 1 ? Promise.reject(new TerminalError('bad spec')) : Promise.resolve({}),
    );
    controller.enqueue(A);
    controller.enqueue(B);
    await pause();
    const text = await registry.metrics();
    expect(text).toContain(
      'controller_runtime_reconcile_total{controller="test",result="success"} 1',
    );
    expect(text).toContain(
      'controller_runtime_reconcile_total{controller="test",result="terminal_error"} 1',
    );
    expect(text).toContain('controller_runtime_reconcile_time_seconds_count{controller="test"} 2');
    expect(text).toContain('workqueue_depth{name="test"} 0');
  });
});

describe('backOff', () => {
  it.each([
    ['the first, at most', 1, 1, 1000],
    ['the first, at least', 1, 0, 500],
    ['doubles', 4, 1, 8000],
    ['five minutes at most', 30, 1, 300_000],
    ['capped, at least', 2000, 0, 150_000],
  ])('%s', (_reason, failures, random, ms) => {
    expect(backOff(FAILURE_BACK_OFF, failures, random)).toBe(ms);
  });
});
