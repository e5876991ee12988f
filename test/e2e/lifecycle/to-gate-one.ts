import { beforeAll, describe, expect, it } from '@jest/globals';
import { applyObjects } from '@managed-cluster/testbed';
import { AGENT_INSTALLATION, CLUSTER_PLAN } from '../../../lib/apis/kinds.ts';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { recordIn } from '../../../lib/core/object.ts';
import { eventually } from '../world.ts';
import {
  api,
  CLUSTER_API,
  CLUSTERS,
  compositeOf,
  NAMESPACE,
  NAMESPACED,
  objectsOf,
  refOf,
  waitForCondition,
} from './subject.ts';

/** From apply to gate G1, by real Cluster API. */
export function toGateOne(): void {
  describe('a new cluster', () => {
    beforeAll(async () => {
      await applyObjects(api, 'examples/dev');
    });

    it.each(CLUSTERS)(
      '$flavour: is accepted, and says so on the composite too',
      async (subject) => {
        await waitForCondition(subject, 'Accepted');
        expect(isTrue(await compositeOf(subject), 'Accepted')).toBe(true);
      },
    );

    it.each(CLUSTERS)('$flavour: is four objects with one controller', async (subject) => {
      await eventually(
        api,
        { ...CLUSTER_API[0]!, namespace: NAMESPACE, name: subject.name },
        'there',
      );
      const { metadata } = await compositeOf(subject);
      const objects = await objectsOf(subject, CLUSTER_API);
      expect(objects.map(({ kind }) => kind)).toEqual(CLUSTER_API.map(({ kind }) => kind));
      const controllers = objects.map(({ metadata: { ownerReferences = [] } }) =>
        ownerReferences.filter(({ controller }) => controller).map(({ uid }) => uid),
      );
      expect(controllers).toEqual(objects.map(() => [metadata.uid]));
    });

    it.each(CLUSTERS)('$flavour: tells what gate G1 waits for', async (subject) => {
      const condition = conditionOf(await api.get(refOf(subject)), 'ControlPlaneInitialized');
      expect(condition?.message).toMatch(/^Gate G1: waiting for .+/);
    });

    it.each(CLUSTERS)('$flavour: opens G1 when CP-A is operational', async (subject) => {
      await waitForCondition(subject, 'ControlPlaneInitialized');
      const name = { namespace: NAMESPACE, name: subject.name };
      const plan = await eventually(api, { ...CLUSTER_PLAN, ...name }, 'to be composed');
      expect(recordIn(plan, 'spec')).toMatchObject({
        epoch: 1,
        clusterName: subject.name,
        cluster: { controlPlane: { replicas: 3 }, nodePools: [{ name: 'workers', replicas: 2 }] },
        layers: [
          { name: 'network', profile: 'base@1.0.0' },
          { name: 'team-namespace' },
          { name: 'hello' },
        ],
      });
      await eventually(api, { ...AGENT_INSTALLATION, ...name }, 'to be composed');
    });

    it('an AgentInstallation whose way into the cluster is missing names the Secret', async () => {
      const head = await eventually(
        api,
        refOf(NAMESPACED),
        'to name the Secret',
        (object) =>
          conditionOf(object, 'AgentInstalled')?.message?.includes(`${NAMESPACED.name}-api`) ===
          true,
      );
      expect(conditionOf(head, 'AgentInstalled')?.status).toBe('False');
    });
  });
}
