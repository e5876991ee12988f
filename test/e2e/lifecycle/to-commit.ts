import { beforeAll, describe, expect, it } from '@jest/globals';
import { AGENT_INSTALLATION, CLUSTER_PLAN, PIVOT } from '../../../lib/apis/kinds.ts';
import { conditionOf, isTrue, recordIn } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { standInForAgent } from '../../world/demo/stand-in.ts';
import { eventually } from '../world.ts';
import {
  api,
  CLUSTER_API,
  CLUSTERS,
  compositeOf,
  NAMESPACE,
  objectsOf,
  phaseOf,
  refOf,
  waitForCondition,
  type Subject,
} from './subject.ts';

/** From gate G2 to the commit, with stand-ins for what the provider will report and do. */
export function toCommit(): void {
  describe('gate G2', () => {
    it.each(CLUSTERS)('$flavour: opens when the agent is ready', async (subject) => {
      await standInForAgent(api, { namespace: NAMESPACE, name: subject.name });
      await waitForCondition(subject, 'AgentInstalled');
      await eventually(
        api,
        { ...PIVOT, namespace: NAMESPACE, name: subject.name },
        'to be composed',
      );
      const head = await eventually(
        api,
        refOf(subject),
        'to be Pivoting',
        (object) => phaseOf(object) === 'Pivoting',
      );
      expect(conditionOf(head, 'Pivoted')?.message).toContain('Waiting for Pivot to commit');
    });
  });

  describe.each(CLUSTERS)('the commit of the $flavour', (subject) => {
    let before: readonly KubeObject[];

    beforeAll(async () => {
      before = await objectsOf(subject, CLUSTER_API);
    });

    it('lets nothing go that Crossplane still controls', async () => {
      await reportPivot(subject, 'Committed');
      const composite = await eventually(
        api,
        refOf(subject),
        'to tell that the release is incomplete',
        (object) => conditionOf(object, 'Pivoted')?.reason === 'ReleaseIncomplete',
      );
      expect(conditionOf(composite, 'Pivoted')?.message).toContain(
        `Cluster ${NAMESPACE}/${subject.name}`,
      );
      expect(await uidsOf(subject)).toEqual(before.map(({ metadata }) => metadata.uid));
    });

    it('lets the released objects go: Crossplane forgets them and they stay', async () => {
      await swapController(subject, before);
      const composite = await forgotten(subject);
      expect(recordIn(composite, 'status')).toMatchObject({
        phase: 'SelfManaged',
        owner: 'Workload',
      });
      expect(await uidsOf(subject)).toEqual(before.map(({ metadata }) => metadata.uid));
    });

    it('is never undone, not even when the Pivot forgets it', async () => {
      const ref = { ...PIVOT, namespace: NAMESPACE, name: subject.name };
      await api.patch(ref, { status: { conditions: [] } }, { subresource: 'status' });
      await api.patch(refOf(subject), { metadata: { annotations: { poke: 'again' } } });
      const composite = await forgotten(subject);
      expect(phaseOf(composite)).toBe('SelfManaged');
    });
  });
}

async function reportPivot({ name }: Subject, type: string): Promise<void> {
  const condition = {
    type,
    status: 'True',
    reason: 'StandIn',
    message: 'A stand-in for the provider',
    lastTransitionTime: new Date().toISOString(),
  };
  await api.patch(
    { ...PIVOT, namespace: NAMESPACE, name },
    { status: { conditions: [condition] } },
    { subresource: 'status' },
  );
}

/** What the provider's step Release will do: another controller, which the composite does not own. */
async function swapController({ name }: Subject, objects: readonly KubeObject[]): Promise<void> {
  const anchor = await api.apply(
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${name}-anchor`, namespace: NAMESPACE },
    },
    { fieldManager: 'e2e' },
  );
  const owner = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: `${name}-anchor`,
    uid: anchor.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  const swaps = objects.map(({ apiVersion, kind, metadata }) =>
    api.patch({ apiVersion, kind, namespace: NAMESPACE, name: metadata.name ?? '' }, [
      { op: 'replace', path: '/metadata/ownerReferences', value: [owner] },
    ]),
  );
  await Promise.all(swaps);
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

async function uidsOf(subject: Subject): Promise<readonly unknown[]> {
  const objects = await objectsOf(subject, CLUSTER_API);
  return objects.map(({ metadata }) => metadata.uid);
}
