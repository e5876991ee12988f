import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCESS_USER, unmanagedMilliseconds, untilOperational } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { AGENT_INSTALLATION, CLUSTER_PLAN, PIVOT } from '../../../lib/apis/kinds.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { giveAccess } from '../access.ts';
import { eventually, worldFile } from '../world.ts';
import { watchConditions, type ConditionWatch } from './condition-watch.ts';
import { freshSite } from './fresh-site.ts';
import { machineActs } from './machine-story.ts';
import {
  api,
  CLUSTER_API,
  compositeOf,
  inside,
  machinesOf,
  NAMESPACE,
  objectsOf,
  phaseOf,
  refOf,
  theatreOf,
  type Subject,
} from './subject.ts';

/**
 * What a single pivot may take: the 99th percentile of the project's goal. That half of them take two
 * seconds at most is shown over many pivots (npm run e2e:kill), not by one on a busy machine.
 */
const GAP_MS = 10_000;

/** From gate G1 over the pivot to a cluster that manages itself, with the real provider and agent. */
export function toSelfManaged(subject: Subject): void {
  describe(`the pivot of the ${subject.flavour}`, () => {
    const controlPlane = {
      ...CLUSTER_API[2]!,
      namespace: NAMESPACE,
      name: `${subject.name}-cp`,
    };
    let before: { readonly machines: readonly string[]; readonly authority: string };
    let watches: readonly ConditionWatch[];

    beforeAll(async () => {
      before = {
        machines: await machinesOf(subject, api),
        authority: await authorityOf(subject, api),
      };
      watches = [
        watchConditions(
          api,
          controlPlane,
          ({ metadata }) => metadata.deletionTimestamp !== undefined,
        ),
        watchConditions(inside, controlPlane, (object) => replicasOf(object) !== 1),
      ];
      await freshSite();
      await giveAccess(api, NAMESPACE, `${subject.name}-api`);
    });

    afterAll(async () => {
      await Promise.all(watches.map((watch) => watch.stop()));
    });

    it('is committed, and the cluster becomes self-managed', async () => {
      const head = await waitFor({
        what: `${subject.name} to be SelfManaged`,
        timeoutMs: 150_000,
        intervalMs: 200,
        look: async () => {
          const object = await api.get(refOf(subject));
          return phaseOf(object!) === 'SelfManaged' ? object : undefined;
        },
      });
      expect(isTrue(head, 'AgentInstalled')).toBe(true);
      expect(recordIn(head, 'status')).toMatchObject({ owner: 'Workload' });
    });

    it('moves the very same Machine, and the certificate authority with it', async () => {
      expect(before.machines).toHaveLength(1);
      expect(await machinesOf(subject, inside)).toEqual(
        expect.arrayContaining([...before.machines]),
      );
      expect(await authorityOf(subject, inside)).toBe(before.authority);
    });

    it('lets no condition of the control plane flip, and rolls nothing out', () => {
      const [outside = [], moved = []] = watches.map((watch) => watch.seen());
      for (const seen of [outside, moved]) {
        expect(seen).toEqual(expect.arrayContaining(['Available: True', 'RollingOut: False']));
        expect(seen.filter((line) => line.includes(',') && !line.startsWith('Paused'))).toEqual([]);
      }
    });

    it('retires the source: Crossplane and the management side have let go', async () => {
      await waitFor({
        what: 'the source to be retired',
        timeoutMs: 60_000,
        intervalMs: 200,
        look: async () =>
          (await objectsOf(subject, CLUSTER_API)).length === 0 &&
          (await machinesOf(subject, api)).length === 0
            ? true
            : undefined,
      });
      const composite = await forgotten(subject);
      expect(isTrue(composite, 'Pivoted')).toBe(true);
    });

    it('is Operational and Ready: three control planes, two workers, all layers', async () => {
      const head = await untilOperational(theatreOf(subject));
      expect(recordIn(head, 'status')).toMatchObject({
        phase: 'SelfManaged',
        controlPlaneMachines: '3/3',
        workers: '2/2',
        layers: [
          { name: 'network', phase: 'Ready' },
          { name: 'team-namespace', phase: 'Ready' },
          { name: 'hello', phase: 'Ready' },
        ],
      });
      const hello = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'team', name: 'hello' };
      expect(isTrue(await inside.get(hello), 'Available')).toBe(true);
    });

    it('created five Machines in all and deleted none, say the audit logs of both sides', () => {
      const { management, workload } = worldFile();
      const [outside, moved] = [management, workload].map((site) =>
        machineActs(site, subject.name),
      );
      expect(outside?.filter(({ verb }) => verb === 'create')).toHaveLength(1);
      const deleted = outside?.filter(({ verb }) => verb === 'delete').map(({ user }) => user);
      expect(new Set(deleted)).toEqual(
        new Set(['system:serviceaccount:crossplane-system:managed-cluster-provider']),
      );
      expect(moved?.filter(({ verb }) => verb === 'delete')).toEqual([]);
      const copied = moved?.filter(({ user }) => user === ACCESS_USER).map(({ name }) => name);
      expect(copied).toEqual(before.machines.map((line) => line.split(' ')[0]));
      expect(moved).toHaveLength(5);
    });

    it(`left the cluster unmanaged for ${GAP_MS} ms at most`, async () => {
      const gap = Number(await unmanagedMilliseconds(theatreOf(subject)));
      console.log(`${subject.flavour}: unmanaged for ${gap} ms`);
      expect(gap).toBeGreaterThan(0);
      expect(gap).toBeLessThanOrEqual(GAP_MS);
    });
  });
}

function replicasOf(object: KubeObject): unknown {
  return recordIn(object, 'spec')?.['replicas'];
}

/** Fingerprint of the cluster's own certificate authority. */
async function authorityOf({ name }: Subject, side: KubeApi): Promise<string> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name: `${name}-ca` };
  const text = recordIn(await side.get(ref), 'data')?.['tls.crt'];
  return new X509Certificate(Buffer.from(String(text), 'base64')).fingerprint256;
}

/**
 * Core's acknowledgement: its references without Cluster API, and Synced (facts/crossplane-runs.md 4).
 * It writes conditions in two steps, in between an old one may show: so all is waited for together.
 */
async function forgotten(subject: Subject): Promise<KubeObject> {
  const left = [AGENT_INSTALLATION, CLUSTER_PLAN, PIVOT].map(({ kind }) => kind);
  const { apiVersion, kind, metadata } = await compositeOf(subject);
  const { name = '', namespace } = metadata;
  const ref = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  return eventually(api, ref, 'to have let go', (object) => {
    const spec = recordIn(object, 'spec');
    const refs = recordIn(spec, 'crossplane')?.['resourceRefs'] ?? spec?.['resourceRefs'];
    const kinds = Array.isArray(refs) ? refs.map((one: KubeObject) => one.kind).toSorted() : [];
    return (
      JSON.stringify(kinds) === JSON.stringify(left) &&
      isTrue(object, 'Synced') &&
      isTrue(object, 'Pivoted')
    );
  });
}
