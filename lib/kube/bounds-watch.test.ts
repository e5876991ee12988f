import { afterEach, describe, expect, it } from '@jest/globals';
import { endless, HOSTILE_MAP as MAP, hostileServer } from '../../test/fake/hostile-server.ts';
import type { ScriptedServer } from '../../test/fake/scripted-server.ts';
import type { KubeApi } from './api.ts';
import { BoundError, UNTRUSTED } from './bounds.ts';

/** What fits into the buffers between server and client, beyond what the client read. */
const IN_FLIGHT = 8 * 2 ** 20;

let server: ScriptedServer;
afterEach(() => server.close());

/** The first error that the watch reports. */
async function watchError(api: KubeApi): Promise<unknown> {
  const stop = new AbortController();
  let first: unknown;
  await api.watch(MAP, () => undefined, {
    signal: stop.signal,
    onError: (error) => {
      first = error;
      stop.abort();
    },
  });
  return first;
}

function* manyObjects(): Generator<string> {
  for (let name = 0; ; name++) {
    const object = { ...MAP, metadata: { name: `n${name}`, resourceVersion: `${name}` } };
    yield `${JSON.stringify({ type: 'ADDED', object })}\n`;
  }
}

describe('the watch of a hostile API server', () => {
  it.each([
    ['a line without an end', () => endless('{"a":"', 'x'.repeat(65_536)), 'more than 4 MiB'],
    ['a deep line', () => [`${'['.repeat(300)}\n`], 'more than 256 levels'],
    ['objects without an end', manyObjects, 'more than 100 objects'],
  ])('%s', async (_reason, chunks, message) => {
    const list = { body: { metadata: { resourceVersion: '1' }, items: [] } };
    const started = await hostileServer(
      ({ url }) => (url.includes('watch=true') ? { chunks: chunks() } : list),
      { bounds: { objects: 100 } },
    );
    server = started.server;
    const error = await watchError(started.api);
    expect(error).toBeInstanceOf(BoundError);
    expect(String(error)).toContain(message);
    expect(server.sent()).toBeLessThan(UNTRUSTED.objectBytes + IN_FLIGHT);
  });
});
