import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { isUnreachable } from '../../lib/kube/errors.ts';
import { WriteCount } from '../../test/fake/write-count.ts';
import { FakeApiServer } from '../../test/fake/api-server.ts';
import type { HandoverRecord } from '../core/handover/record.ts';
import { CHUNK_BYTES, chunkData } from '../core/escrow/escrow-set.ts';
import { ensureEscrow, escrowState, readEscrow, removeEscrow, type EscrowDeps } from './escrow.ts';

const CLUSTER: HandoverRecord = {
  namespace: 'team',
  name: 'demo',
  handover: 'pivot-1/2',
  epoch: 2,
  objects: [],
  known: {},
  born: {},
  escrow: 0,
};
const TIME = '2026-01-01T00:00:00.000Z';

function depsOf(management: EscrowDeps['management'], time = TIME): EscrowDeps {
  return { management, clock: { now: () => new Date(time) } };
}

function state(version: string, bytes = 10): readonly KubeObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'demo-ca', namespace: 'team', uid: 'u1', resourceVersion: version },
      data: { key: randomBytes(bytes).toString('base64') },
      type: 'cluster.x-k8s.io/secret',
    },
    {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Cluster',
      metadata: { name: 'demo', namespace: 'team', uid: 'u2', resourceVersion: version },
      spec: { unknown: { field: [1, null, 'x'] } },
      status: { conditions: [{ type: 'Available', status: 'True' }] },
    },
  ];
}

function secrets(server: FakeApiServer): readonly KubeObject[] {
  return server.all('team').filter((one) => one['type'] === 'managedcluster.io/escrow');
}

describe('the escrow', () => {
  it('returns every field of every object', async () => {
    const server = new FakeApiServer('management');
    const objects = state('1');
    await ensureEscrow(depsOf(server), CLUSTER, objects, 'report-1');

    expect(await readEscrow(depsOf(server), CLUSTER)).toEqual({
      objects: objects.toReversed(),
      time: TIME,
      report: 'report-1',
    });
  });

  it('is undefined if there is none', async () => {
    const deps = depsOf(new FakeApiServer('management'));

    expect(await readEscrow(deps, CLUSTER)).toBeUndefined();
    expect(await escrowState(deps, CLUSTER)).toBeUndefined();
  });

  it('of a large cluster is split into Secrets that the API server accepts', async () => {
    const server = new FakeApiServer('management');
    const objects = state('1', 4_000_000);
    await ensureEscrow(depsOf(server), CLUSTER, objects);
    const sizes = secrets(server).map((one) => Buffer.from(chunkData(one), 'base64').length);

    expect(sizes.length).toBeGreaterThan(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(CHUNK_BYTES);
    expect((await readEscrow(depsOf(server), CLUSTER))?.objects).toHaveLength(2);
  });

  it('is confirmed by one write if nothing has changed, whatever the read order', async () => {
    const server = new FakeApiServer('management');
    const objects = state('1');
    await ensureEscrow(depsOf(server), CLUSTER, objects);
    const count = new WriteCount();
    const later = depsOf(count.wrap(server, 'management'), '2026-01-01T01:00:00.000Z');
    await ensureEscrow(later, CLUSTER, objects.toReversed(), 'report-2');

    expect(count.writes).toBe(1);
    expect(await escrowState(later, CLUSTER)).toEqual({
      time: '2026-01-01T01:00:00.000Z',
      report: 'report-2',
    });
  });

  it('is the old or the new state, whichever write is the last', async () => {
    const [old, fresh] = [state('1', 1_000_000), state('2', 1_000_000)];
    const seen: (string | undefined)[] = [];
    for (let at = 1, over = false; !over; at += 1) {
      const server = new FakeApiServer('management');
      const count = new WriteCount({ at, when: 'After' });
      // oxlint-disable-next-line no-await-in-loop -- worlds are sequential
      await ensureEscrow(depsOf(server), CLUSTER, old);
      // oxlint-disable-next-line no-await-in-loop -- see above
      await ensureEscrow(depsOf(count.wrap(server, 'management')), CLUSTER, fresh).catch(
        (error: unknown) => {
          if (!isUnreachable(error)) throw error;
        },
      );
      // oxlint-disable-next-line no-await-in-loop -- see above
      const found = await readEscrow(depsOf(server), CLUSTER);
      seen.push(found?.objects[0]?.metadata.resourceVersion);
      // oxlint-disable-next-line no-await-in-loop -- see above
      await ensureEscrow(depsOf(server), CLUSTER, fresh);
      // oxlint-disable-next-line no-await-in-loop -- see above
      expect((await readEscrow(depsOf(server), CLUSTER))?.objects).toEqual(fresh.toReversed());
      over = !count.dead;
    }

    expect(new Set(seen)).toEqual(new Set(['1', '2']));
    expect(seen.join('')).toMatch(/^1+2+$/);
  }, 60_000);

  it('that was changed is rejected', async () => {
    const server = new FakeApiServer('management');
    await ensureEscrow(depsOf(server), CLUSTER, state('1'));
    const [first] = secrets(server);
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'team' };
    const name = first?.metadata.name ?? '';
    await server.patch({ ...ref, name }, { data: { 'objects.sealed': 'H4sIAAAAAAAAAw==' } });

    await expect(readEscrow(depsOf(server), CLUSTER)).rejects.toThrow(
      'the escrow of cluster team/demo cannot be used',
    );
  });

  it('is deleted although it is held, and nothing else is', async () => {
    const server = new FakeApiServer('management');
    await ensureEscrow(depsOf(server), CLUSTER, state('1'));
    await ensureEscrow(depsOf(server), { ...CLUSTER, name: 'other' }, state('1'));
    await removeEscrow(depsOf(server), CLUSTER);

    expect(await readEscrow(depsOf(server), CLUSTER)).toBeUndefined();
    expect(await readEscrow(depsOf(server), { ...CLUSTER, name: 'other' })).toBeDefined();
  });

  it('of another composite of the same name is neither read, replaced nor removed', async () => {
    const server = new FakeApiServer('management');
    const [first, second] = ['u1', 'u2'].map((composite) => ({ ...CLUSTER, composite }));
    await ensureEscrow(depsOf(server), first!, state('1'));
    expect(await readEscrow(depsOf(server), second!)).toBeUndefined();
    await ensureEscrow(depsOf(server), second!, state('2'));
    await removeEscrow(depsOf(server), second!);

    expect((await readEscrow(depsOf(server), first!))?.objects).toHaveLength(2);
    expect(secrets(server)).toHaveLength(1);
  });

  it('without an owner is adopted, and then keeps its owner', async () => {
    const server = new FakeApiServer('management');
    await ensureEscrow(depsOf(server), CLUSTER, state('1'));
    await ensureEscrow(depsOf(server), { ...CLUSTER, composite: 'u1' }, state('2'));
    await ensureEscrow(depsOf(server), CLUSTER, state('3'));

    expect(await readEscrow(depsOf(server), { ...CLUSTER, composite: 'u2' })).toBeUndefined();
    expect(secrets(server)).toHaveLength(1);
  });
});
