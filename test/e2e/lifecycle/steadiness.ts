import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { applyObjects } from '@managed-cluster/testbed';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { objectsIn } from '../../../lib/program/manifests.ts';
import { control, eventually, kubectl } from '../world.ts';
import {
  api,
  CLAIM,
  CLUSTERS,
  compositeOf,
  identities,
  NAMESPACE,
  phaseOf,
  refOf,
} from './subject.ts';

/** What must not change a cluster: the same manifests again, restarts, a claim that turns bad. */
export function steadiness(): void {
  describe('nothing changes', () => {
    it('when the same manifests are applied again, as GitOps tools do', async () => {
      const before = await identities();
      await applyObjects(api, 'examples/dev');
      await sleep(3000);
      expect(await identities()).toEqual(before);
    });

    it.each(['function', 'crossplane', 'provider'] as const)(
      'when %s is killed and comes back',
      async (what) => {
        const [before, status] = [await identities(), await statuses()];
        await control(what, 'kill');
        await sleep(5000);
        expect(await identities()).toEqual(before);
        expect(await statuses()).toEqual(status);
      },
    );
  });

  describe('a claim that turns bad', () => {
    it('is refused on claim and composite with the versions that there are; nothing is deleted', async () => {
      const before = await identities();
      await api.patch(refOf(CLAIM), { spec: { profiles: [{ name: 'base', version: '9.9.9' }] } });
      const head = await eventually(api, refOf(CLAIM), 'to be refused', refused);
      expect(conditionOf(head, 'Accepted')).toMatchObject({
        reason: 'ProfileVersionNotFound',
        message: expect.stringContaining('use one of 1.0.0'),
      });
      const composite = await compositeOf(CLAIM);
      expect([refused(composite), phaseOf(composite)]).toEqual([true, 'SelfManaged']);
      expect(await identities()).toEqual(before);
      expect(await eventsWith('ProfileVersionNotFound')).toContain('ManagedCluster');
    });

    it('is accepted again when it is mended', async () => {
      const [mended] = objectsIn('examples/dev/claim.yaml');
      await api.patch(refOf(CLAIM), { spec: mended?.['spec'] });
      const head = await eventually(api, refOf(CLAIM), 'to be accepted', (object) =>
        isTrue(object, 'Accepted'),
      );
      expect(phaseOf(head)).toBe('SelfManaged');
    });
  });
}

function refused(object: KubeObject): boolean {
  return conditionOf(object, 'Accepted')?.status === 'False';
}

async function statuses(): Promise<readonly unknown[]> {
  const composites = await Promise.all(CLUSTERS.map((subject) => compositeOf(subject)));
  return composites.map((composite) => {
    const { phase, owner, epoch, profiles, observed } = recordIn(composite, 'status') ?? {};
    return { phase, owner, epoch, profiles, observed };
  });
}

async function eventsWith(reason: string): Promise<string> {
  const columns = '-o=custom-columns=KIND:.involvedObject.kind';
  return kubectl('get', 'events', '-n', NAMESPACE, `--field-selector=reason=${reason}`, columns);
}
