import { describe, expect, it } from '@jest/globals';
import { THIS_SIDE } from '../../lib/apis/asked.ts';
import { SOURCE_UID_ANNOTATION } from '../../lib/apis/ownership.ts';
import { recordIn } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { StatusError, UnreachableError } from '../../lib/kube/errors.ts';
import { CLUSTER_NAME, NAMESPACE } from '../../test/fake/cluster.ts';
import { FakeTeardown } from '../../test/fake/teardown.ts';
import { ownedBy, ownershipOf } from '../core/pivot/ownership.ts';
import { depsOf, KEY, ROOT, rootOf } from '../testing/forgotten-subject.ts';
import { gateController } from './gate.ts';

const { signal } = new AbortController();

/** A management side in the middle of a life, and the gate of a provider that has just started. */
async function started(workload?: () => Promise<KubeApi>) {
  const scene = new FakeTeardown();
  await scene.begin('BeforePivot', { keep: true });
  const { world } = scene;
  const gate = gateController(depsOf(world, workload));
  const [first] = gate.initial ?? [];
  async function side() {
    return recordIn(await world.management.get(THIS_SIDE), 'status');
  }
  return { world, side, renew: () => gate.reconciler.reconcile(first!, signal) };
}

describe('the note without which Cluster API does not start', () => {
  it('is written when every cluster was asked', async () => {
    const { renew, side, world } = await started();
    await renew();
    expect(await side()).toEqual({ askedTime: '2026-01-01T00:00:00Z' });
    world.now += 15_000;
    await renew();
    expect(await side()).toEqual({ askedTime: '2026-01-01T00:00:15Z' });
  });

  it('does not wait for a cluster that gives no answer', async () => {
    const { renew, side } = await started(() =>
      Promise.reject(new UnreachableError('no route to host')),
    );
    await renew();
    expect(await side()).toHaveProperty('askedTime');
  });

  it('names a cluster that cannot be asked, and does not wait for it for ever', async () => {
    const { world, renew, side } = await started();
    const get = world.management.get.bind(world.management);
    world.management.get = (ref) =>
      ref.kind === 'Cluster' ? Promise.reject(new StatusError('get', 500, {})) : get(ref);
    await renew();
    await renew();
    expect(await side()).toEqual({ open: [`${NAMESPACE}/${CLUSTER_NAME}`] });
    await renew();
    expect(await side()).toEqual({ askedTime: '2026-01-01T00:00:00Z' });
  });

  it('pauses a cluster that manages itself before it is written', async () => {
    const { world, renew, side } = await started();
    const here = await rootOf(world);
    const source = { [SOURCE_UID_ANNOTATION]: here.metadata.uid ?? '' };
    const annotations = { ...ownedBy('workload', 3), ...source };
    await world.workload.create({
      ...ROOT,
      metadata: { ...KEY, annotations },
      spec: { paused: true },
    });
    await renew();
    expect(ownershipOf(await rootOf(world))).toMatchObject({ owner: 'workload', paused: true });
    expect(await side()).toHaveProperty('askedTime');
  });

  it('is not written while a cluster that manages itself cannot be paused here', async () => {
    const { world, renew, side } = await started();
    const here = await rootOf(world);
    const source = { [SOURCE_UID_ANNOTATION]: here.metadata.uid ?? '' };
    const annotations = { ...ownedBy('workload', 3), ...source };
    const metadata = { ...KEY, annotations };
    await world.workload.create({ ...ROOT, metadata, spec: { paused: true } });
    const patch = world.management.patch.bind(world.management);
    world.management.patch = () => Promise.reject(new StatusError('patch', 500, {}));
    for (let pass = 0; pass < 10; pass += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one pass after the other
      await renew();
    }
    expect(await side()).toEqual({ open: [`${NAMESPACE}/${CLUSTER_NAME}`] });
    world.management.patch = patch;
    await renew();
    expect(await side()).toEqual({ askedTime: '2026-01-01T00:00:00Z' });
    expect(ownershipOf(await rootOf(world)).paused).toBe(true);
  });

  it('is not written when the API server was set back, until every cluster was asked again', async () => {
    let asked = 0;
    const { world, renew, side } = await started(() => {
      asked += 1;
      return Promise.resolve(world.workload);
    });
    await renew();
    const before = asked;
    world.now += 15_000;
    await renew();
    expect(asked).toBe(before);
    // Another version than the one that was written last.
    await world.management.patch(THIS_SIDE, { metadata: { labels: { restored: '' } } });
    world.now += 15_000;
    await renew();
    expect(await side()).toEqual({ askedTime: '2026-01-01T00:00:15Z' });
    await renew();
    expect(asked).toBeGreaterThan(before);
    expect(await side()).toEqual({ askedTime: '2026-01-01T00:00:30Z' });
  });

  it('is created again when somebody deletes it', async () => {
    const { world, renew, side } = await started();
    await renew();
    await world.management.delete(THIS_SIDE);
    world.now += 15_000;
    await renew();
    await renew();
    expect(await side()).toHaveProperty('askedTime');
  });

  it('fails for another error, which is retried', async () => {
    const { world, renew } = await started();
    world.management.create = () => Promise.reject(new StatusError('create', 403, {}));
    await expect(renew()).rejects.toThrow('403');
  });
});
