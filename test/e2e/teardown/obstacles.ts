import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { AGENT_INSTALLATION, CLUSTER_PLAN } from '../../../lib/apis/kinds.ts';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { atOnce } from '../at-once.ts';
import { control, eventually, kubectl } from '../world.ts';
import {
  api,
  begin,
  clusterRef,
  compositeRef,
  gone,
  leftIn,
  refOf,
  type Subject,
} from './subjects.ts';

const STUCK: Subject = { name: 'td-stuck', flavour: 'claim' };
const PAUSED: Subject = { name: 'td-paused', flavour: 'composite' };
const ORPHAN: Subject = { name: 'td-orphan', flavour: 'composite' };
const SPACE: Subject = { name: 'td-space', flavour: 'claim' };
const TAKEN: Subject = { name: 'td-taken', flavour: 'claim' };
const REFUSED: Subject = { name: 'td-refused', flavour: 'composite' };
const RESTART: Subject = { name: 'td-restart', flavour: 'composite' };
const NOBODY = { profiles: [{ name: 'nobody', version: '1.0.0' }] };

const SCENES = [
  {
    says: 'shows what blocks it, on claim and composite, and goes on when it is gone',
    play: stuck,
  },
  { says: 'does nothing while the composite is paused', play: paused },
  { says: 'of a composite that was refused leaves nothing', play: refused },
  { says: 'of a composite whose name is taken leaves the other cluster alone', play: taken },
  { says: 'works in a namespace that is being deleted', play: terminating },
  {
    says: 'with Orphan lets a cluster go that can not keep itself yet, and it lives on',
    play: orphan,
  },
] as const;

/** What can stand in the way of a teardown, or must not be touched by one. */
export function obstacles(): void {
  describe('a teardown', () => {
    const end = atOnce(SCENES, ({ play }) => play());

    it.each(SCENES)('$says', async (scene) => {
      await expect(end(scene)).resolves.toBeUndefined();
    });
    // By itself: it takes the provider away.
    it('does not depend on who is there when it begins, or runs through', restarted);
  });
}

/** begun is a cluster that has its first machine. */
async function begun(one: Subject, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await begin(one, more);
  await machineOf(one);
}

/** settled is a cluster that has all that it gets without access: nobody changes it any more. */
async function settled(one: Subject): Promise<void> {
  await begin(one);
  await eventually(api, await compositeRef(one), 'to be operational', (object) =>
    isTrue(object, 'ControlPlaneInitialized'),
  );
  const own = { namespace: one.name, name: one.name };
  await eventually(api, { ...CLUSTER_PLAN, ...own }, 'to be composed');
  await eventually(
    api,
    { ...AGENT_INSTALLATION, ...own },
    'to wait for its access',
    (object) => conditionOf(object, 'Ready') !== undefined,
  );
}

async function machineOf({ name }: Subject): Promise<KubeObject> {
  const machine = { apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2', kind: 'DevMachine' };
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- waits
    const [found] = (await api.list({ ...machine, namespace: name })).items;
    if (found?.metadata.finalizers !== undefined) return found;
    // oxlint-disable-next-line no-await-in-loop -- waits
    await sleep(200);
  }
}

function operational(object: KubeObject | undefined): ReturnType<typeof conditionOf> {
  return conditionOf(object, 'Operational');
}

async function stuck(): Promise<void> {
  await settled(STUCK);
  const machine = await machineOf(STUCK);
  const { apiVersion, kind, metadata } = machine;
  const ref = { apiVersion, kind, namespace: STUCK.name, name: metadata.name ?? '' };
  const finalizers = [...(metadata.finalizers ?? []), 'example.org/stuck'];
  await api.patch(ref, { metadata: { finalizers } });
  const composite = await compositeRef(STUCK);
  await api.delete(refOf(STUCK));
  for (const one of [refOf(STUCK), composite]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is as good
    const object = await eventually(api, one, 'to tell what blocks', (found) =>
      Boolean(
        operational(found)?.message?.includes(
          `DevMachine ${ref.name} (finalizer example.org/stuck`,
        ),
      ),
    );
    expect(recordIn(object, 'status')?.['phase']).toBe('Deleting');
    expect(operational(object)).toMatchObject({ status: 'False', reason: 'RemovingMachines' });
  }
  expect(await kubectl('get', 'events', '-n', STUCK.name)).toContain('RemovingMachines');
  await api.patch(ref, { metadata: { finalizers: null } });
  await gone(refOf(STUCK));
  await gone(composite);
  expect(await leftIn(STUCK.name)).toEqual([`ConfigMap ${STUCK.name}-teardown`]);
}

async function paused(): Promise<void> {
  await begun(PAUSED);
  const annotation = 'crossplane.io/paused';
  await api.patch(refOf(PAUSED), { metadata: { annotations: { [annotation]: 'true' } } });
  await api.delete(refOf(PAUSED), { propagationPolicy: 'Foreground' });
  await eventually(
    api,
    refOf(PAUSED),
    'to say that it is paused',
    (object) => operational(object)?.reason === 'ReconcilePaused',
  );
  await sleep(3000);
  const cluster = await api.get(clusterRef(PAUSED));
  expect(cluster?.metadata.deletionTimestamp).toBeUndefined();
  expect(await api.get(clusterRef(PAUSED))).toBeDefined();
  await api.patch(refOf(PAUSED), { metadata: { annotations: { [annotation]: null } } });
  await gone(refOf(PAUSED));
  expect(await leftIn(PAUSED.name)).toEqual([`ConfigMap ${PAUSED.name}-teardown`]);
}

async function restarted(): Promise<void> {
  await begun(RESTART);
  await control('provider', 'stop');
  await api.delete(refOf(RESTART), { propagationPolicy: 'Foreground' });
  await sleep(3000);
  const cluster = await api.get(clusterRef(RESTART));
  expect(cluster?.metadata.deletionTimestamp).toBeUndefined();
  await control('provider', 'start');
  await eventually(
    api,
    clusterRef(RESTART),
    'to be deleted',
    ({ metadata }) => metadata.deletionTimestamp !== undefined,
  );
  await control('provider', 'kill');
  await gone(refOf(RESTART));
  expect(await leftIn(RESTART.name)).toEqual([`ConfigMap ${RESTART.name}-teardown`]);
}

async function refused(): Promise<void> {
  await begin(REFUSED, NOBODY);
  await eventually(
    api,
    refOf(REFUSED),
    'to be refused',
    (object) => conditionOf(object, 'Accepted')?.status === 'False',
  );
  await api.delete(refOf(REFUSED));
  await gone(refOf(REFUSED));
  expect(await leftIn(REFUSED.name)).toEqual([`ConfigMap ${REFUSED.name}-teardown`]);
}

async function taken(): Promise<void> {
  await settled(TAKEN);
  const second: Subject = { ...TAKEN, flavour: 'composite' };
  await begin(second);
  await eventually(
    api,
    refOf(second),
    'to be refused',
    (object) => conditionOf(object, 'Accepted')?.reason === 'NameTaken',
  );
  const before = await leftIn(TAKEN.name);
  await api.delete(refOf(second));
  await gone(refOf(second));
  const own = [`${refOf(second).kind} ${TAKEN.name}`, `ConfigMap ${TAKEN.name}-teardown`];
  const [then, now] = [before, await leftIn(TAKEN.name)].map((list) =>
    list.filter((one) => !own.includes(one)),
  );
  expect(now).toEqual(then);
  expect(await api.get(clusterRef(TAKEN))).not.toHaveProperty('metadata.deletionTimestamp');
  await api.delete(refOf(TAKEN));
  await gone(refOf(TAKEN));
}

async function terminating(): Promise<void> {
  await begun(SPACE);
  const composite = await compositeRef(SPACE);
  await kubectl('delete', 'namespace', SPACE.name, '--wait=false');
  await gone(composite);
  await gone({ apiVersion: 'v1', kind: 'Namespace', name: SPACE.name });
  expect(await leftIn(SPACE.name)).toEqual([]);
}

async function orphan(): Promise<void> {
  await begun(ORPHAN, { deletionPolicy: 'Orphan' });
  const plan = await eventually(api, refOf(ORPHAN), 'to be operational', (object) =>
    isTrue(object, 'ControlPlaneInitialized'),
  );
  expect(plan).toBeDefined();
  const before = await machineOf(ORPHAN);
  await api.delete(refOf(ORPHAN), { propagationPolicy: 'Foreground' });
  await gone(refOf(ORPHAN));
  await sleep(2000);
  const cluster = await api.get(clusterRef(ORPHAN));
  expect(cluster?.metadata).not.toHaveProperty('deletionTimestamp');
  expect(cluster?.metadata.labels).not.toHaveProperty(['managedcluster.io/hold']);
  expect((await machineOf(ORPHAN)).metadata.uid).toBe(before.metadata.uid);
  const left = await leftIn(ORPHAN.name);
  expect(left.join('\n')).toMatch(/DevMachineTemplate(.|\n)*KubeadmControlPlane/);
  expect(
    left.filter((one) => /^(AgentInstallation|ClusterPlan|Pivot|Role|Lease)/.test(one)),
  ).toEqual([]);
  await api.delete(clusterRef(ORPHAN));
  await gone(clusterRef(ORPHAN));
}
