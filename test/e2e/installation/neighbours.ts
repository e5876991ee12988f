import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { USABLE_BY_ANNOTATION } from '../../../lib/apis/opt-in.ts';
import { eventually, makeNamespace } from '../world.ts';
import { management, workload } from './site-clients.ts';
import { CLUSTER, INSTALLATION, KUBECONFIG, NAMESPACE } from './standalone.ts';
import { partsReady } from './installs.ts';

const TENANT = 'e2e-neighbour';
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: TENANT, name: 'miner' };
const ACCESS = { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name: KUBECONFIG };

/** Longer than two passes of the controller. */
const LOOK_MS = 8000;

/** What tenants of the management side cannot do to the clusters of others. */
export function neighbours(): void {
  describe('a neighbour with edit in a namespace', () => {
    beforeAll(() => makeNamespace(management, TENANT));

    afterAll(async () => {
      await management.delete(DEPLOYMENT);
      await allow(CLUSTER);
    });

    it('puts no Deployment into clusters by labelling it as a provider', async () => {
      const labels = { 'cluster.x-k8s.io/provider': 'cluster-api' };
      const container = { name: 'miner', image: 'attacker.example/miner:1' };
      await management.create({
        apiVersion: DEPLOYMENT.apiVersion,
        kind: DEPLOYMENT.kind,
        metadata: { namespace: TENANT, name: DEPLOYMENT.name, labels },
        spec: {
          replicas: 0,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { hostPID: true, containers: [container] } },
        },
      });
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));

      expect(await workload.get(DEPLOYMENT)).toBeUndefined();
      const namespace = { apiVersion: 'v1', kind: 'Namespace', name: TENANT };
      expect(await workload.get(namespace)).toBeUndefined();
      const installation = await management.get(INSTALLATION);
      expect(installation && partsReady(installation, 'ProviderObjects', 'Providers')).toBe(true);
    });

    it('gets into no cluster by naming its kubeconfig', async () => {
      await allow('another-cluster');
      const refused = await eventually(management, INSTALLATION, 'to say so', (object) =>
        JSON.stringify(object['status']).includes('SecretNotAllowed'),
      );
      expect(JSON.stringify(refused['status'])).toContain(
        `kubectl -n ${NAMESPACE} annotate secret ${KUBECONFIG} ${USABLE_BY_ANNOTATION}='another-cluster,${CLUSTER}' --overwrite`,
      );
      await allow(CLUSTER);
      const after = await eventually(management, INSTALLATION, 'to go on', (object) =>
        partsReady(object, 'Target', 'Bootstrap', 'Agent', 'ProviderObjects'),
      );
      expect(after.kind).toBe(INSTALLATION.kind);
    });
  });
}

async function allow(cluster: string): Promise<void> {
  await management.patch(ACCESS, {
    metadata: { annotations: { [USABLE_BY_ANNOTATION]: cluster } },
  });
}
