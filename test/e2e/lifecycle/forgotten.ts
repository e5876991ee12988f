import { beforeAll, describe, expect, it } from '@jest/globals';
import { leftovers, TEARDOWN_REPORT } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { setTimeout as sleep } from 'node:timers/promises';
import { ASKED_SECONDS, THIS_SIDE } from '../../../lib/apis/asked.ts';
import { EPOCH_ANNOTATION, OWNER_ANNOTATION } from '../../../lib/apis/ownership.ts';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { microTime } from '../../../lib/core/time.ts';
import { giveAccess } from '../access.ts';
import { control, eventually, kubectl, vault } from '../world.ts';
import { freshSite } from './fresh-site.ts';
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
  refOf,
} from './subject.ts';

const BEFORE = 'before-the-handover';
const DEV_MACHINE = {
  apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
  kind: 'DevMachine',
};
const CLUSTER = { ...CLUSTER_API[0]!, namespace: NAMESPACE, name: NAMESPACED.name };
/** A manager waits so long before it takes the Lease of one that is gone (CAPI v1.14 --leader-elect-lease-duration). */
const LEASE_MS = 60_000;

let keptAt = 0;

const MANAGERS = ['capi-system', 'capi-kubeadm-control-plane-system', 'capd-system'];

/** The management side while its cluster is not handed over: gate G1 is open and the way in is there. */
export function beforeHandover(): void {
  describe('a management side before a handover', () => {
    it('is kept for later', async () => {
      await control('provider', 'stop');
      await freshSite();
      await giveAccess(api, NAMESPACE, `${NAMESPACED.name}-api`);
      await expect(vault('backup', 'm', BEFORE)).resolves.toBeUndefined();
      keptAt = Date.now();
      await untilHeard();
      await control('provider', 'start');
    }, 400_000);
  });
}

/** The etcd of the management side is set back to before the handover of a cluster that manages itself. */
export function forgotten(): void {
  describe('a management side that is set back to before a handover', () => {
    let before: readonly string[];
    let restoredAt: number;

    beforeAll(async () => {
      before = await insideOf(NAMESPACED);
      // A younger backup is not recognised.
      await sleep(Math.max(0, keptAt + ASKED_SECONDS * 1000 - Date.now()));
      await control('provider', 'stop');
      // It has the controllers of the infrastructure for both sides in one process, without leader election.
      await control('cloud', 'stop');
      await vault('restore', 'm', BEFORE);
      await restartAll(['provider', 'cloud']);
      restoredAt = Date.now();
    }, 300_000);

    it('has a Cluster that is not paused, and no manager of Cluster API that acts on it', async () => {
      expect(recordIn(await api.get(CLUSTER), 'spec')?.['paused']).not.toBe(true);
      const asRestored = await writes();
      await sleep(LEASE_MS + 15_000);
      await expect(becomesLeader()).rejects.toThrow('when the provider has asked every cluster');
      expect(await leadersSince(restoredAt)).toEqual([]);
      expect(await writes()).toEqual(asRestored);
      expect(await insideOf(NAMESPACED)).toEqual(before);
    });

    it('asks the cluster first: its Cluster is paused, with the owner that the cluster names', async () => {
      await control('provider', 'start');
      const cluster = await eventually(
        api,
        CLUSTER,
        'to be paused',
        (object) => recordIn(object, 'spec')?.['paused'] === true,
      );
      const there = await api.get(CLUSTER);
      expect(there?.metadata.annotations?.[OWNER_ANNOTATION]).toBe('workload');
      await control('cloud', 'start');
      const root = await inside.get(CLUSTER);
      const epoch = root?.metadata.annotations?.[EPOCH_ANNOTATION];
      expect(cluster.metadata.annotations?.[EPOCH_ANNOTATION]).toBe(epoch);
    });

    it('says so, and then Cluster API starts', async () => {
      const head = await eventually(
        api,
        refOf(NAMESPACED),
        'to be told',
        (object) => conditionOf(object, 'Operational')?.reason === 'SelfManagedAlready',
      );
      expect(conditionOf(head, 'Operational')?.message).toContain('deletionPolicy to Orphan');
      await eventually(
        api,
        leaseOf('capi-system'),
        'to have a leader',
        (lease) => renewedAt(lease) > restoredAt,
      );
      await expect(becomesLeader()).resolves.toBeDefined();
      expect(await insideOf(NAMESPACED)).toEqual(before);
    });

    it('lets the cluster go with the object, and keeps no machine of it', async () => {
      const { resource, name } = NAMESPACED;
      const patch = '{"spec":{"deletionPolicy":"Orphan"}}';
      await kubectl('patch', '-n', NAMESPACE, `${resource}/${name}`, '--type=merge', '-p', patch);
      await kubectl('delete', '-n', NAMESPACE, `${resource}/${name}`, '--timeout=120s');
      const except = [TEARDOWN_REPORT, new RegExp(`^Secret/${name}-api$`)];
      expect(await leftovers(api, { cluster: name, except })).toEqual([]);
      expect(await insideOf(NAMESPACED)).toEqual(before);
    });
  });
}

/**
 * The API server was away: a manager of Cluster API opens a broken watch again after up to a minute (client-go), or has to
 * become the leader again, and a fence would wait for it. Without the provider no manager becomes a leader, but for the
 * break glass.
 */
async function untilHeard(): Promise<void> {
  await waitFor({
    what: 'the break glass',
    timeoutMs: 60_000,
    look: () => api.delete(THIS_SIDE).then(() => true),
  });
  for (const paused of [true, false]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await waitFor({
      what: `all managers to see paused: ${paused}`,
      timeoutMs: 150_000,
      intervalMs: 500,
      look: async () => {
        // The webhooks of Cluster API are not there at once either.
        await api.patch(CLUSTER, { spec: { paused: paused || null } });
        const objects = await objectsOf(NAMESPACED, [...CLUSTER_API, MACHINE, DEV_MACHINE]);
        const told = objects.filter((object) => conditionOf(object, 'Paused') !== undefined);
        return told.every((object) => isTrue(object, 'Paused') === paused) ? true : undefined;
      },
    });
  }
}

/** The state of each Cluster API object on the management side: a reconcile of an old one writes at least its status. */
async function writes(): Promise<readonly string[]> {
  const objects = await objectsOf(NAMESPACED, [...CLUSTER_API, MACHINE]);
  return objects.map(({ kind, metadata: m }) => `${kind}/${m.name} ${m.uid} ${m.resourceVersion}`);
}

const LEASE = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
const LEASES: Readonly<Record<string, string>> = {
  'capi-system': 'controller-leader-election-capi',
  'capi-kubeadm-control-plane-system': 'kubeadm-control-plane-manager-leader-election-capi',
  'capd-system': 'controller-leader-election-capd',
};

function leaseOf(namespace: string) {
  return { ...LEASE, namespace, name: LEASES[namespace] ?? '' };
}

function renewedAt(lease: KubeObject | undefined): number {
  return Date.parse(String(recordIn(lease, 'spec')?.['renewTime']));
}

/** What a manager that starts does, as a dry run. */
function becomesLeader(): Promise<KubeObject> {
  const spec = { holderIdentity: 'another', renewTime: microTime(new Date()) };
  return api.patch(leaseOf('capi-system'), { spec }, { dryRun: true });
}

async function leadersSince(time: number): Promise<readonly string[]> {
  const leases = await Promise.all(MANAGERS.map((namespace) => api.get(leaseOf(namespace))));
  return MANAGERS.filter((_namespace, index) => renewedAt(leases[index]) > time);
}
