import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { HOLD_LABEL, type Side, SOURCE_UID_ANNOTATION } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { ObjectRef } from '../../lib/kube/api.ts';
import {
  change,
  clusterIn,
  discard,
  given,
  gone,
  inForce,
  NAMESPACE,
  namespaceOf,
  refOf,
  release,
  settled,
  TAKEN,
  verdict,
} from './api/attack.ts';
import { borrowCrds, served } from './api/borrowed-crds.ts';
import { fenceCases, machineCases } from './api/fence-cases.ts';
import {
  asUser,
  clusterMarks,
  grantWriters,
  type MarkCase,
  mapMarks,
  STAMP,
  WRITERS,
} from './api/marks.ts';
import { capiCluster, capiMachine, heldObjects } from './api/policy-objects.ts';
import { refusal, sites } from './api/sites.ts';
import { objectsIn } from '../../lib/program/manifests.ts';

const { management, workload } = sites();
const DRY = { dryRun: true };

/** What two users are told about a change: who may write the object, and who has the verb of the fence too. */
async function markedBy(side: Side, stored: KubeObject, { annotations, labels }: MarkCase) {
  const metadata = { ...(annotations && { annotations }), ...(labels && { labels }) };
  const [tenant, fencer] = await Promise.all(
    [WRITERS.tenant, WRITERS.fencer].map((user) =>
      verdict(asUser(side, user).patch(refOf(stored), { metadata }, DRY)),
    ),
  );
  return { tenant, fencer };
}

describe.each([
  { side: 'management', api: management },
  { side: 'workload', api: workload },
] as const)('$side side', ({ side, api }) => {
  let borrowed: readonly ObjectRef[] = [];

  beforeAll(async () => {
    borrowed = await borrowCrds(management, api);
    const shipped = [...objectsIn('package/crds'), ...objectsIn(`package/policies/${side}`)];
    for (const object of [...shipped, namespaceOf(NAMESPACE)]) {
      // oxlint-disable-next-line no-await-in-loop -- CRDs before what needs them
      await api.apply(object, { fieldManager: 'e2e', force: true });
      // oxlint-disable-next-line no-await-in-loop -- CRDs before what needs them
      await served(api, refOf(object));
    }
    await inForce(api);
  });

  afterAll(async () => {
    await api.delete(refOf(namespaceOf(NAMESPACE)));
    await Promise.all(borrowed.map((ref) => api.delete(ref)));
  });

  describe('guard', () => {
    it.each(heldObjects(NAMESPACE))('holds $kind', async (object) => {
      await api.create(object);
      const ref = refOf(object);
      const message = await refusal(api.delete(ref));
      expect(message).toContain(
        `${object.kind} held is held, because deleting it out of order orphans`,
      );
      expect(message).toContain('delete the ManagedCluster instead');
      expect(message).toContain(`held -n ${NAMESPACE} managedcluster.io/hold-`);
      await discard(api, ref);
    });

    it('lets go what carries no hold', async () => {
      const [object] = heldObjects(NAMESPACE);
      if (object === undefined) throw new Error('nothing to delete');
      const { labels: _labels, ...metadata } = object.metadata;
      await api.create({ ...object, metadata });
      expect(await verdict(api.delete(refOf(object)))).toBe(TAKEN);
      await gone(api, refOf(object));
    });

    it.each(['Background', 'Foreground'] as const)(
      'stops the garbage collector, %s',
      async (propagationPolicy) => {
        const owner = await api.create({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'owner', namespace: NAMESPACE },
        });
        const { name = '', uid = '' } = owner.metadata;
        const held = capiCluster(
          { namespace: NAMESPACE, name: `dependent-${propagationPolicy.toLowerCase()}` },
          {},
          { paused: true },
          { [HOLD_LABEL]: '' },
        );
        const ownerReferences = [
          { apiVersion: 'v1', kind: 'ConfigMap', name, uid, blockOwnerDeletion: true },
        ];
        await api.create({ ...held, metadata: { ...held.metadata, ownerReferences } });
        await api.delete(refOf(owner), { propagationPolicy });
        await settled();
        expect((await api.get(refOf(held)))?.metadata).not.toHaveProperty('deletionTimestamp');
        await release(api, refOf(held));
        await gone(api, refOf(held));
        await gone(api, refOf(owner));
      },
    );

    it('stops the deletion of all at once', async () => {
      const held = capiCluster(
        { namespace: NAMESPACE, name: 'one-of-many' },
        {},
        { paused: true },
        { [HOLD_LABEL]: '' },
      );
      await api.create(held);
      const path = `/apis/cluster.x-k8s.io/v1beta2/namespaces/${NAMESPACE}/clusters`;
      expect(await refusal(api.raw('DELETE', path))).toContain('Cluster one-of-many is held');
      await discard(api, refOf(held));
    });

    it('stops the deletion of the namespace', async () => {
      const doomed = `${NAMESPACE}-doomed`;
      const held = capiCluster(
        { namespace: doomed, name: 'survivor' },
        {},
        { paused: true },
        { [HOLD_LABEL]: '' },
      );
      await api.create(namespaceOf(doomed));
      await api.create(held);
      await api.delete(refOf(namespaceOf(doomed)));
      await settled();
      expect((await api.get(refOf(held)))?.metadata).not.toHaveProperty('deletionTimestamp');
      await release(api, refOf(held));
      await gone(api, refOf(held));
      await gone(api, refOf(namespaceOf(doomed)));
    });
  });

  describe('marks', () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'marked', namespace: NAMESPACE, annotations: { [STAMP]: 'a' } },
    };

    it.each(mapMarks)('$reason', async (marks) => {
      await grantWriters(api);
      const stored = await api.create(map);
      const answers = await markedBy(side, stored, marks);
      await discard(api, refOf(stored));
      expect(answers).toEqual({
        tenant: expect.stringContaining(marks.says ?? TAKEN),
        fencer: TAKEN,
      });
    });

    it('nobody else prepares an object that the provider takes for its own', async () => {
      await grantWriters(api);
      const refused = await verdict(asUser(side, WRITERS.tenant).create(map, DRY));
      expect(refused).toContain('says what the provider created');
      expect(await verdict(asUser(side, WRITERS.fencer).create(map, DRY))).toBe(TAKEN);
    });
  });

  describe('fence', () => {
    it.each(fenceCases)('$reason', async ({ from, to, refusedOn, says = '' }) => {
      const stored = from === undefined ? undefined : await given(api, 'attacked', from);
      const answer = await verdict(
        stored === undefined
          ? api.create(clusterIn('attacked', to), { dryRun: true })
          : change(api, stored, to),
      );
      if (stored !== undefined) await discard(api, refOf(stored));
      expect(answer).toContain(refusedOn.includes(side) ? says : TAKEN);
    });

    it.each(clusterMarks)('of who may update Clusters only: $reason', async (marks) => {
      await grantWriters(api);
      const cluster = clusterIn('marked', { owner: 'management', epoch: '4', paused: true });
      const labels = { [HOLD_LABEL]: '' };
      const stored = await api.create({ ...cluster, metadata: { ...cluster.metadata, labels } });
      const answers = await markedBy(side, stored, marks);
      await discard(api, refOf(stored));
      expect(answers).toEqual({
        tenant: expect.stringContaining(marks.says ?? TAKEN),
        fencer: TAKEN,
      });
    });

    it('of a cluster that was handed over: it is not made once more', async () => {
      const plan = {
        ...CLUSTER_PLAN,
        metadata: { namespace: NAMESPACE, name: 'handed' },
        spec: { epoch: 3, clusterName: 'handed', handedOver: true, cluster: {}, layers: [] },
      };
      await api.create(plan);
      await settled();
      const again = await verdict(api.create(clusterIn('handed', { paused: false }), DRY));
      const other = await verdict(api.create(clusterIn('other', { paused: false }), DRY));
      const copy = { owner: 'moving', epoch: '4', paused: true };
      const broughtBack = await verdict(api.create(clusterIn('handed', copy), DRY));
      await discard(api, refOf(plan));
      expect(again).toContain(
        side === 'management' ? 'was handed over and is managed inside' : TAKEN,
      );
      expect([other, broughtBack]).toEqual([TAKEN, TAKEN]);
    });

    it.each(machineCases)('a Machine: $reason', async ({ cluster, copied, refusedOn }) => {
      const stored = await given(api, 'fenced', cluster);
      await settled();
      const annotations = copied === true ? { [SOURCE_UID_ANNOTATION]: 'uid' } : {};
      const machine = capiMachine({ namespace: NAMESPACE, name: 'new' }, 'fenced', annotations);
      const answer = await verdict(api.create(machine, { dryRun: true }));
      await discard(api, refOf(stored));
      const refused = `a Machine of Cluster fenced must not be created on the ${side} side`;
      expect(answer).toContain(refusedOn.includes(side) ? refused : TAKEN);
    });
  });
});
