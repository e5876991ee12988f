import { describe, expect, it } from '@jest/globals';
import { CLUSTER_PLAN } from '../lib/apis/kinds.ts';
import type { KubeApi, WatchEvent } from '../lib/kube/api.ts';
import { createLogger } from '../lib/log.ts';
import { createPlanWatch } from './plan-watch.ts';

function event(type: WatchEvent['type'], generation = 1, resourceVersion = '1'): WatchEvent {
  const metadata = { name: 'demo', uid: 'u', generation, resourceVersion };
  return { type, object: { ...CLUSTER_PLAN, metadata, spec: { layers: [] } } };
}

/** For how long the plan counts as unchanged one second after each event. */
async function ages(events: readonly WatchEvent[]): Promise<readonly number[]> {
  let now = 0;
  const seen: number[] = [];
  const end = new AbortController();
  const api = {
    watch(_type: unknown, onEvent: (one: WatchEvent) => void): Promise<void> {
      for (const one of events) {
        onEvent(one);
        now += 1000;
        seen.push(watch.unchangedMs());
      }
      end.abort();
      return Promise.resolve();
    },
  } as Pick<KubeApi, 'watch'> as KubeApi;
  const log = createLogger('error', { write: () => undefined });
  const options = { namespace: 'ns', name: 'demo', log, onChange: () => undefined };
  const watch = createPlanWatch(api, options, () => now);
  await watch.run(end.signal);
  return seen;
}

describe('the time for which a plan is as it is', () => {
  it.each<[string, readonly WatchEvent[], readonly number[]]>([
    ['begins with the plan', [event('ADDED'), event('SYNCED')], [1000, 1000]],
    [
      'goes on when only its status changes',
      [event('ADDED'), event('MODIFIED', 1, '2'), event('MODIFIED', 1, '3')],
      [1000, 2000, 3000],
    ],
    [
      'begins anew when its spec changes',
      [event('ADDED'), event('MODIFIED', 1, '2'), event('MODIFIED', 2, '3')],
      [1000, 2000, 1000],
    ],
    [
      'begins anew when the management side was away: it may have been restored to the same plan',
      [event('ADDED'), event('MODIFIED', 1, '2'), event('SYNCED')],
      [1000, 2000, 1000],
    ],
  ])('%s', async (_reason, events, expected) => {
    expect(await ages(events)).toEqual(expected);
  });
});
