import { describe, expect, it } from '@jest/globals';
import { conditionOf } from '../../lib/core/conditions.ts';
import { recordIn, type KubeObject } from '../../lib/core/object.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { capi, done, machines, passedOn } from '../../test/fake/scenes.ts';
import { clusterIn, type FakeWorld, type Wrap } from '../../test/fake/world.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';
import { KEYS_SECRET } from '../handover/keyring.ts';
import { find, handedOver } from '../testing/taken-back.ts';

const RECORD = 'demo-record';
const KEYS = {
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: 'crossplane-system',
  name: KEYS_SECRET,
};

/** A provider that has just started: it remembers no keys. */
const restarted: Wrap = (api) => passedOn(api);

/** What becomes of a take-back, which must not change anything if it stops. */
async function stopped(w: FakeWorld, source: 'Cluster' | 'Escrow' = 'Cluster'): Promise<unknown> {
  await w.pivot({ direction: 'ToManagement', source }, 'back');
  const pivot = await w.run(() => true, { name: 'back', wrap: restarted });
  expect(capi(w.management)).toEqual([]);
  expect(clusterIn(w.workload).map(ownershipOf)).toMatchObject([
    { owner: 'workload', paused: false },
  ]);
  return conditionOf(pivot, 'Ready');
}

async function remove(w: FakeWorld, object: KubeObject | undefined): Promise<void> {
  if (object === undefined) throw new Error('there is no such object');
  await w.management.patch(refOf(object), {
    metadata: { labels: { 'managedcluster.io/hold': null } },
  });
  await w.management.delete(refOf(object));
}

describe('a take-back', () => {
  it.each(['Cluster', 'Escrow'] as const)('from %s stops without a record', async (source) => {
    const w = await handedOver();
    await remove(w, find(w, 'Secret', RECORD));
    expect(await stopped(w, source)).toMatchObject({ reason: 'RecordMissing' });
  });

  it('stops with a record that somebody has changed', async () => {
    const w = await handedOver();
    const record = find(w, 'Secret', RECORD);
    const data = { 'record.json.gz': 'H4sIAAAAAAAAA6uuBQBDv6ajAgAAAA==' };
    await w.management.patch(refOf(record ?? KEYSLESS), { data });
    expect(await stopped(w)).toMatchObject({
      reason: 'RecordRefused',
      message: expect.stringContaining('restore the Secret from a backup'),
    });
  });

  it('stops if the keys are lost, says so, and goes on when they are restored', async () => {
    const w = await handedOver();
    const keys = await w.management.get(KEYS);
    await w.management.delete(KEYS);
    expect(await stopped(w)).toMatchObject({
      reason: 'RecordRefused',
      message: expect.stringContaining(
        `restore the keys of the provider in Secret ${KEYS.namespace}`,
      ),
    });
    const old = recordIn(keys, 'data')?.['key-1'];
    await w.management.patch(KEYS, { data: { 'key-0': old } });
    const back = await w.run(done, { name: 'back', wrap: restarted });
    expect(conditionOf(back, 'Ready')).toMatchObject({ reason: 'Completed' });
    expect(machines(w.management)).toHaveLength(2);
  });

  it('refuses an escrow that somebody has changed', async () => {
    const w = await handedOver();
    const escrow = w.management
      .all(NAMESPACE)
      .find((one) => one['type'] === 'managedcluster.io/escrow');
    const data = { 'objects.sealed': 'bm90IHNlYWxlZCBieSBhbnlib2R5' };
    await w.management.patch(refOf(escrow ?? KEYSLESS), { data });
    expect(await stopped(w, 'Escrow')).toMatchObject({ reason: 'EscrowRefused' });
  });

  it('leaves no record, and the next handover writes a new one', async () => {
    const w = await handedOver();
    const first = find(w, 'Secret', RECORD);
    await w.pivot({ direction: 'ToManagement' }, 'back');
    await w.run(done, { name: 'back' });
    expect(find(w, 'Secret', RECORD)).toBeUndefined();
    await w.pivot({}, 'again');
    await w.run(done, { name: 'again' });
    const second = find(w, 'Secret', RECORD);
    expect(second?.['data']).not.toEqual(first?.['data']);
    await w.pivot({ direction: 'ToManagement', source: 'Escrow' }, 'back-again');
    const end = await w.run(done, { name: 'back-again' });
    expect(conditionOf(end, 'Ready')).toMatchObject({ reason: 'Completed' });
    expect(machines(w.management)).toHaveLength(2);
  });
});

const KEYSLESS: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'none' } };
