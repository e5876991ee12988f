import { afterEach, describe, expect, it } from '@jest/globals';
import { clientFromString } from '../kube/client.ts';
import {
  type ScriptedServer,
  scriptedServer,
  type WireAnswer,
} from '../../test/fake/scripted-server.ts';
import { createLogger } from '../log.ts';
import { createInformer } from './informer.ts';

const TYPE = { apiVersion: 'v1', kind: 'ConfigMap' };
const DISCOVERY = { resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }] };

let server: ScriptedServer;
let stop = new AbortController();
afterEach(() => {
  stop.abort();
  stop = new AbortController();
  return server.close();
});

function map(name: string, resourceVersion: string): object {
  const managedFields = [{ manager: 'x' }];
  return {
    ...TYPE,
    metadata: { name, namespace: 'ns', uid: name, resourceVersion, managedFields },
  };
}

/** An informer for a server with one object, followed by these events. */
async function informed(lines: readonly object[], list?: WireAnswer) {
  const answer = list ?? {
    body: { metadata: { resourceVersion: '5' }, items: [map('a', '1')] },
  };
  server = await scriptedServer(({ url }) => {
    if (url === '/api/v1') return { body: DISCOVERY };
    return url.includes('watch=true') ? { lines, after: 'open' } : answer;
  });
  const logged: string[] = [];
  const log = createLogger('info', { write: (line) => logged.push(line) });
  const informer = createInformer(clientFromString(server.kubeconfig), TYPE, {
    labelSelector: 'x=y',
    log,
  });
  return { informer, logged };
}

async function until(test: () => boolean): Promise<void> {
  while (!test()) {
    // oxlint-disable-next-line no-await-in-loop -- polling is sequential
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

describe('informer', () => {
  it('caches raw objects of the server, and removes deleted ones', async () => {
    const { informer } = await informed([
      { type: 'ADDED', object: map('b', '6') },
      { type: 'MODIFIED', object: map('b', '7') },
      { type: 'DELETED', object: map('a', '8') },
    ]);
    expect(informer.hasSynced()).toBe(false);
    const ended = informer.run(stop.signal);
    await informer.synced();
    expect(informer.hasSynced()).toBe(true);
    await until(() => informer.list().every(({ metadata }) => metadata.name !== 'a'));
    expect(informer.list()).toEqual([map('b', '7')]);
    expect(informer.get({ namespace: 'ns', name: 'b' })).toEqual(map('b', '7'));
    expect(informer.get({ namespace: 'other', name: 'b' })).toBeUndefined();
    expect(server.requests[1]?.url).toContain('labelSelector=x%3Dy');
    stop.abort();
    await ended;
  });

  it('delivers existing objects to a late listener, and nothing to an unsubscribed one', async () => {
    const { informer } = await informed([]);
    void informer.run(stop.signal);
    const early: string[] = [];
    const late: string[] = [];
    const off = informer.onEvent(({ type }) => early.push(type));
    off();
    await informer.synced();
    informer.onEvent(({ type, object }) => late.push(`${type} ${object.metadata.name ?? ''}`));
    expect(early).toEqual([]);
    expect(late).toEqual(['ADDED a', 'SYNCED ']);
  });

  it('survives a listener that throws', async () => {
    const { informer, logged } = await informed([]);
    informer.onEvent(() => {
      throw new Error('listener is broken');
    });
    void informer.run(stop.signal);
    await informer.synced();
    expect(logged.join('')).toContain('listener is broken');
  });

  it('does not wait past a signal', async () => {
    const { informer } = await informed([]);
    const waiting = informer.synced(stop.signal);
    stop.abort(new Error('the end'));
    await expect(waiting).rejects.toThrow('the end');
    await expect(informer.synced(stop.signal)).rejects.toThrow('the end');
  });

  it('logs once why it cannot watch, and retries', async () => {
    const refused = { code: 403, body: { kind: 'Status', message: 'not allowed' } };
    const { informer, logged } = await informed([], refused);
    void informer.run(stop.signal);
    await until(() => server.requests.filter(({ url }) => url.includes('limit')).length >= 2);
    expect(informer.hasSynced()).toBe(false);
    expect(logged).toEqual([expect.stringContaining('not allowed')]);
  });
});
