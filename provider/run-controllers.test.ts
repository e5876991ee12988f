import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { clientFromString } from '../lib/kube/client.ts';
import { type ScriptedServer, scriptedServer } from '../test/fake/scripted-server.ts';
import { createLogger } from '../lib/log.ts';
import { createControllerMetrics } from '../lib/reconcile/metrics.ts';
import type { ControllerParts, Source } from './deps.ts';
import { runControllers } from './run-controllers.ts';

let server: ScriptedServer;
const stop = new AbortController();
afterEach(() => server.close());

/**
 * A source of ConfigMaps, or of a kind that is not served, that triggers a reconcile by the name of the
 * object.
 */
function source(kind: string, labelSelector?: string): Source {
  return {
    type: { apiVersion: kind === 'ConfigMap' ? 'v1' : 'missing.io/v1', kind },
    ...(labelSelector === undefined ? {} : { options: { labelSelector } }),
    toKeys: ({ metadata }) => [{ namespace: '', name: metadata.name ?? '' }],
  };
}

describe('runControllers', () => {
  it('shares watches, and is not blocked by a kind that is not served', async () => {
    const item = { metadata: { name: 'seen', namespace: 'ns', uid: 'u', resourceVersion: '1' } };
    server = await scriptedServer(({ url }) => {
      if (url === '/api/v1') {
        return {
          body: { resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }] },
        };
      }
      if (url.includes('watch=true')) return { lines: [], after: 'open' };
      if (!url.startsWith('/api/v1/configmaps')) return { code: 404, text: 'not found' };
      return { body: { metadata: { resourceVersion: '5' }, items: [item] } };
    });
    const passes: string[] = [];
    function parts(name: string, sources: readonly Source[], initial?: string): ControllerParts {
      return {
        reconciler: {
          name,
          reconcile: (key) =>
            Promise.resolve(void passes.push(`${name} ${key.name}`)).then(() => ({})),
        },
        sources,
        ...(initial === undefined ? {} : { initial: [{ namespace: '', name: initial }] }),
      };
    }
    const ended = runControllers(
      [
        parts('a', [source('ConfigMap'), source('Missing')]),
        parts('b', [source('ConfigMap')], 'first'),
        parts('c', [source('ConfigMap', 'x=y')]),
      ],
      {
        management: clientFromString(server.kubeconfig),
        log: createLogger('silent'),
        metrics: createControllerMetrics(new Registry()),
        workers: 2,
      },
      stop.signal,
    );
    while (passes.length < 4) {
      // oxlint-disable-next-line no-await-in-loop -- polling is sequential
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
    expect(passes.toSorted()).toEqual(['a seen', 'b first', 'b seen', 'c seen']);
    const lists = server.requests.filter(({ url }) => url.startsWith('/api/v1/configmaps?limit'));
    const narrowed = server.requests.filter(({ url }) => url.includes('labelSelector=x%3Dy&limit'));
    expect([lists.length, narrowed.length]).toEqual([1, 1]);
    stop.abort();
    await ended;
  });
});
