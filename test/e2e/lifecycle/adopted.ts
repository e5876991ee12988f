import { beforeAll, describe, expect, it } from '@jest/globals';
import { untilOperational } from '@managed-cluster/testbed';
import { CLUSTER_PLAN } from '../../../lib/apis/kinds.ts';
import { MANAGEMENT_ANNOTATION } from '../../../lib/apis/ownership.ts';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { objectsIn } from '../../../lib/program/manifests.ts';
import { giveAccess } from '../access.ts';
import { control, eventually, vault } from '../world.ts';
import { restartAll } from './restart-all.ts';
import {
  api,
  CLUSTER_API,
  inside,
  insideOf,
  MACHINE,
  NAMESPACE,
  NAMESPACED,
  objectsOf,
  phaseOf,
  refOf,
  theatreOf,
} from './subject.ts';

const EMPTY = 'before-any-cluster';
const CLUSTER = { ...CLUSTER_API[0]!, namespace: NAMESPACE, name: NAMESPACED.name };

/** The management side as it was before it had a cluster: the one that is built after a loss without a backup. */
export function emptyManagementSide(): void {
  describe('a management side without clusters', () => {
    it('is kept for later', async () => {
      await expect(vault('backup', 'm', EMPTY)).resolves.toBeUndefined();
      // The API server was away for longer than the provider may lead without its Lease.
      await control('provider', 'kill');
    });
  });
}

/** The management side of a cluster that manages itself is lost, and another one adopts the cluster. */
export function adopted(): void {
  describe('a cluster whose management side was lost without a backup', () => {
    let before: readonly string[];
    let epoch: unknown;

    beforeAll(async () => {
      before = await insideOf(NAMESPACED);
      epoch = (await root()).metadata.annotations?.['managedcluster.io/epoch'];
      await vault('restore', 'm', EMPTY);
      await restartAll();
    }, 180_000);

    it('is unknown there, and runs on', async () => {
      expect(await api.get(refOf(NAMESPACED))).toBeUndefined();
      expect(await insideOf(NAMESPACED)).toEqual(before);
    });

    it('is not adopted while the claim says something else than the cluster is', async () => {
      await giveAccess(api, NAMESPACE, `${NAMESPACED.name}-api`);
      await applied({ nodePools: [] });
      const head = await eventually(
        api,
        refOf(NAMESPACED),
        'to be told',
        (object) => conditionOf(object, 'Operational')?.reason === 'ManagementRestored',
      );
      expect(conditionOf(head, 'Operational')?.message).toContain('cluster.nodePools');
      expect(isTrue(head, 'Pivoted')).toBe(true);
      expect(await insideOf(NAMESPACED)).toEqual(before);
    });

    it('is Operational when the claim asks for what it has; nothing in it was replaced', async () => {
      await applied({});
      await untilOperational(theatreOf(NAMESPACED));
      expect(await insideOf(NAMESPACED)).toEqual(before);
      const head = await api.get(refOf(NAMESPACED));
      expect(phaseOf(head!)).toBe('SelfManaged');
      expect(await objectsOf(NAMESPACED, [...CLUSTER_API, MACHINE])).toEqual([]);
    });

    it('has a higher epoch, and says whose it is', async () => {
      const { annotations } = (await root()).metadata;
      expect(Number(annotations?.['managedcluster.io/epoch'])).toBe(Number(epoch) + 1);
      const system = { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' };
      const uid = (await api.get(system))?.metadata.uid;
      expect(annotations).toMatchObject({ [MANAGEMENT_ANNOTATION]: uid });
      const plan = await api.get({ ...CLUSTER_PLAN, namespace: NAMESPACE, name: NAMESPACED.name });
      expect(recordIn(plan, 'spec')).toMatchObject({ handedOver: true, epoch: Number(epoch) + 1 });
    });
  });
}

/** applied is the example as a user applies it to another management side. */
async function applied(changes: Readonly<Record<string, unknown>>): Promise<void> {
  const [example] = objectsIn('examples/dev/namespaced.yaml');
  const { apiVersion, kind, namespace = '', name } = refOf(NAMESPACED);
  const adoptFrom = (await root()).metadata.annotations?.[MANAGEMENT_ANNOTATION];
  expect(adoptFrom).toBeDefined();
  const spec = { ...recordIn(example, 'spec'), adoptFrom, ...changes };
  const object = { apiVersion, kind, metadata: { namespace, name }, spec };
  await api.apply(object, { fieldManager: 'e2e' });
}

function root(): Promise<KubeObject> {
  return eventually(inside, CLUSTER, 'to be there');
}
