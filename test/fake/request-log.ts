import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi, TypeRef } from '../../lib/kube/api.ts';

/** Counted is one request. */
export interface Counted {
  /** Verb, kind, and what else tells it from others: `patch Cluster`. */
  readonly what: string;
  /** Milliseconds, by `performance.now()`. */
  readonly start: number;
  end: number;
}

/** counting notes every request in a log, and makes each take so many milliseconds more. */
export function counting(api: KubeApi, log: Counted[], latencyMs = 0): KubeApi {
  async function noted<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    const request = { what, start: performance.now(), end: Number.POSITIVE_INFINITY };
    log.push(request);
    if (latencyMs > 0) await sleep(latencyMs);
    try {
      return await work();
    } finally {
      request.end = performance.now();
    }
  }
  return {
    get: (ref) => noted(`get ${ref.kind}`, () => api.get(ref)),
    list: (type, options) => noted(`list ${type.kind}`, () => api.list(type, options)),
    create: (object, options) =>
      noted(`${dry(options)}create ${object.kind}`, () => api.create(object, options)),
    replace: (object, options) =>
      noted(`${dry(options)}replace ${object.kind}`, () => api.replace(object, options)),
    apply: (object, options) => noted(`apply ${object.kind}`, () => api.apply(object, options)),
    patch: (ref, patch, options) =>
      noted(`patch ${ref.kind}${options?.subresource === undefined ? '' : '/status'}`, () =>
        api.patch(ref, patch, options),
      ),
    delete: (ref, options) => noted(`delete ${ref.kind}`, () => api.delete(ref, options)),
    raw: (method, path, body) => noted(`raw ${method}`, () => api.raw(method, path, body)),
    watch: (type, onEvent, options) => {
      // A list and a watch.
      for (const what of watchRequests(type)) {
        log.push({ what, start: performance.now(), end: performance.now() });
      }
      return api.watch(type, onEvent, options);
    },
  };
}

function dry(options: { readonly dryRun?: boolean } | undefined): string {
  return options?.dryRun === true ? 'dry-run ' : '';
}

function watchRequests({ kind }: TypeRef): readonly string[] {
  return [`list ${kind} for a watch`, `watch ${kind}`];
}

/**
 * chain is the longest row of requests, from one to another, of which each began when the one before had
 * ended: the round trips that a distance between provider and API servers is paid for with.
 */
export function chain(log: readonly Counted[], from: Counted, to: Counted): readonly string[] {
  const between = log
    .filter((request) => request.start >= from.start && request.end <= to.end)
    .toSorted((a, b) => a.end - b.end);
  const rows = new Map<Counted, readonly string[]>();
  for (const request of between) {
    const before = between.filter((other) => other.end <= request.start);
    const longest = before.reduce<readonly string[]>((best, other) => {
      const row = rows.get(other) ?? [];
      return row.length > best.length ? row : best;
    }, []);
    rows.set(request, [...longest, request.what]);
  }
  return rows.get(to) ?? [];
}

/** gap finds fence and activation: the first patch of a Cluster, and the first one on the other side. */
export function gap(
  source: readonly Counted[],
  target: readonly Counted[],
): readonly [fence: Counted, activation: Counted] {
  const fence = source.find(({ what }) => what === 'patch Cluster');
  const activation = target.filter(({ what }) => what === 'patch Cluster').at(-1);
  if (fence === undefined || activation === undefined) throw new Error('there was no gap');
  return [fence, activation];
}

/** tally counts requests by what they are, most frequent first. */
export function tally(log: readonly Counted[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { what } of log) counts.set(what, (counts.get(what) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1]).map(([what, count]) => `${count} ${what}`);
}
