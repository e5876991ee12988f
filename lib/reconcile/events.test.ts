import { afterEach, describe, expect, it } from '@jest/globals';
import { clientFromString } from '../kube/client.ts';
import {
  type ScriptedServer,
  scriptedServer,
  type WireAnswer,
} from '../../test/fake/scripted-server.ts';
import { createLogger } from '../log.ts';
import { createEventRecorder } from './events.ts';

const DISCOVERY = { resources: [{ name: 'events', kind: 'Event', namespaced: true }] };
const PIVOT = {
  apiVersion: 'm.managedcluster.io/v1alpha1',
  kind: 'Pivot',
  metadata: { name: 'demo', namespace: 'ns', uid: 'u1' },
};

let server: ScriptedServer;
afterEach(() => server.close());

async function recorder(answer: WireAnswer = { body: { ...PIVOT } }) {
  server = await scriptedServer(({ url }) => (url === '/api/v1' ? { body: DISCOVERY } : answer));
  const clock = { at: Date.UTC(2026, 0, 1) };
  const events = createEventRecorder(clientFromString(server.kubeconfig), {
    component: 'managed-cluster-provider',
    log: createLogger('silent'),
    now: () => new Date(clock.at),
  });
  async function written() {
    await events.settled();
    return server.requests.filter(({ method }) => method === 'PATCH');
  }
  return { events, clock, written };
}

describe('event recorder', () => {
  it('writes an Event of the object', async () => {
    const { events, written } = await recorder();
    events.event(PIVOT, 'Warning', 'ForeignObject', 'fix it');
    const [request] = await written();
    expect(request?.url).toContain('/api/v1/namespaces/ns/events/demo.');
    expect(request?.body).toMatchObject({
      involvedObject: { kind: 'Pivot', name: 'demo', namespace: 'ns', uid: 'u1' },
      type: 'Warning',
      reason: 'ForeignObject',
      message: 'fix it',
      count: 1,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
    });
  });

  it('counts equal messages in one Event, written once a minute', async () => {
    const { events, clock, written } = await recorder();
    for (let i = 0; i < 7; i++) {
      events.event(PIVOT, 'Normal', 'Aborting', 'for it');
      clock.at += 20_000;
    }
    const requests = await written();
    expect(requests.map(({ body }) => (body as { count: number }).count)).toEqual([1, 4, 7]);
    expect(new Set(requests.map(({ url }) => url)).size).toBe(1);
  });

  it('starts a new Event after ten minutes', async () => {
    const { events, clock, written } = await recorder();
    events.event(PIVOT, 'Normal', 'Aborting', 'for it');
    clock.at += 11 * 60_000;
    events.event(PIVOT, 'Normal', 'Aborting', 'for it');
    expect(new Set((await written()).map(({ url }) => url)).size).toBe(2);
  });

  it('limits the Events of one object', async () => {
    const { events, written } = await recorder();
    for (let i = 0; i < 40; i++) events.event(PIVOT, 'Normal', 'Aborting', `number ${i}`);
    expect(await written()).toHaveLength(25);
  });

  it('ignores a server that rejects Events', async () => {
    const { events, written } = await recorder({ code: 403, body: { kind: 'Status' } });
    events.event(PIVOT, 'Normal', 'Aborting', 'for it');
    expect(await written()).toHaveLength(1);
  });

  it('truncates a message that is too long for the API, between characters', async () => {
    const { events, written } = await recorder();
    events.event({ ...PIVOT, metadata: { name: 'x' } }, 'Normal', 'Aborting', 'ü'.repeat(900));
    const [request] = await written();
    expect(request?.body).toMatchObject({ message: `${'ü'.repeat(500)} …` });
    expect(request?.url).toContain('/namespaces/default/');
  });
});
