import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { AGENT_NAMESPACE, BOOTSTRAP_SECRET } from '../../../lib/apis/agent.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { eventually } from '../world.ts';
import { refusal } from '../api/sites.ts';
import { management, workload } from './site-clients.ts';
import { INSTALLATION, installationOf, NAMESPACE, type Run } from './standalone.ts';

const PROVIDER = 'cluster.x-k8s.io/provider';
const SECRET = { apiVersion: 'v1', kind: 'Secret' };

/** partsReady tells whether parts of an installation are ready. */
export function partsReady(object: KubeObject, ...names: readonly string[]): boolean {
  const parts = recordIn(object, 'status')?.['parts'];
  if (!Array.isArray(parts)) return false;
  return names.every((name) => parts.some((part) => part.name === name && part.ready === true));
}

/** From nothing to Ready. */
export function installs(run: () => Run): void {
  describe('an installation', () => {
    let ready: KubeObject;

    beforeAll(async () => {
      const begin = performance.now();
      await management.create(installationOf());
      await eventually(management, INSTALLATION, 'to have webhooks that answer', (object) =>
        partsReady(object, 'Providers', 'Webhooks'),
      );
      const seconds = (performance.now() - begin) / 1000;
      console.log(`providers installed and proved after ${seconds.toFixed(1)} s`);
      ready = await eventually(management, INSTALLATION, 'to be ready', (object) =>
        isTrue(object, 'Ready'),
      );
      console.log(`ready after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
      const { reads, writes, most } = run().traffic;
      console.log(`${reads} reads and ${writes} writes, at most ${most} at once`);
      expect(seconds).toBeLessThan(60);
      expect(most).toBeLessThanOrEqual(16);
    });

    it('says what is installed', () => {
      expect(ready).toMatchObject({
        status: {
          agentVersion: expect.stringMatching(/^\d/),
          providers: [
            { name: 'bootstrap-kubeadm', version: expect.stringMatching(/^v1\./) },
            { name: 'cluster-api', version: expect.stringMatching(/^v1\./) },
            { name: 'control-plane-kubeadm', version: expect.stringMatching(/^v1\./) },
            { name: 'infrastructure-docker', version: expect.stringMatching(/^v1\./) },
          ],
        },
      });
      expect(isTrue(ready, 'Synced')).toBe(true);
      const parts: readonly { readonly message?: string }[] = Object(ready['status']).parts;
      expect(parts.filter((part) => 'message' in part)).toEqual([]);
    });

    it('copies providers with their arguments, and no serving certificate', async () => {
      const [there, here] = await Promise.all([deployments(management), deployments(workload)]);
      expect(here.map(argumentsOf)).toEqual(there.map(argumentsOf));
      expect(here).toHaveLength(4);
      const [ours, theirs] = await Promise.all([keys(workload), keys(management)]);
      expect(ours).toHaveLength(4);
      for (const key of ours) expect(theirs).not.toContain(key);
    });

    it('mints serving certificates that webhooks and conversions trust', async () => {
      const secret = await workload.get({
        ...SECRET,
        namespace: 'capi-system',
        name: 'capi-webhook-service-cert',
      });
      const certificate = new X509Certificate(
        Buffer.from(String(recordIn(secret, 'data')?.['tls.crt']), 'base64'),
      );
      const crd = await workload.get({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name: 'clusters.cluster.x-k8s.io',
      });
      const bundle = String(Object(crd?.['spec']).conversion.webhook.clientConfig.caBundle);
      const authority = new X509Certificate(Buffer.from(bundle, 'base64'));
      expect(certificate.verify(authority.publicKey)).toBe(true);
      expect(certificate.subjectAltName).toContain('DNS:capi-webhook-service.capi-system.svc,');
    });

    it('has webhooks that refuse nonsense, and a conversion that answers', async () => {
      const controlPlanes = await management.list({
        apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
        kind: 'KubeadmControlPlane',
        namespace: NAMESPACE,
      });
      const [controlPlane] = controlPlanes.items;
      const spec = { ...recordIn(controlPlane, 'spec'), replicas: 2 };
      const wrong = {
        apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
        kind: 'KubeadmControlPlane',
        metadata: { name: 'two', namespace: NAMESPACE },
        spec,
      };
      const message = await refusal(workload.create(wrong, { dryRun: true }));
      expect(message).toContain('cannot be an even number');
      const old = {
        apiVersion: 'cluster.x-k8s.io/v1beta1',
        kind: 'Cluster',
        metadata: { name: 'old', namespace: NAMESPACE },
        spec: {
          infrastructureRef: {
            apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta1',
            kind: 'DevCluster',
            name: 'old',
          },
        },
      };
      expect(await workload.create(old, { dryRun: true })).toMatchObject({ kind: 'Cluster' });
    });

    it('writes nothing when nothing has changed', async () => {
      const before = { ...run().traffic };
      await new Promise((resolve) => setTimeout(resolve, 8000));
      const { reads, writes } = run().traffic;
      console.log(`${reads - before.reads} reads in 8 s of passes every 3 s`);
      expect(writes).toBe(before.writes);
    });

    it('keeps nothing of the dry runs', async () => {
      const clusters = await workload.list({
        apiVersion: 'cluster.x-k8s.io/v1beta2',
        kind: 'Cluster',
        namespace: NAMESPACE,
      });
      expect(clusters.items).toEqual([]);
    });

    it('gives the agent no credential but its token', async () => {
      const secrets = await workload.list({ ...SECRET, namespace: AGENT_NAMESPACE });
      const bootstrap = secrets.items.find(({ metadata }) => metadata.name === BOOTSTRAP_SECRET);
      expect(Object.keys(recordIn(bootstrap, 'data') ?? {}).toSorted()).toEqual([
        'ca.crt',
        'cluster',
        'endpoint',
        'identity',
        'namespace',
        'token',
      ]);
    });
  });
}

async function deployments(api: KubeApi): Promise<readonly KubeObject[]> {
  const { items } = await api.list(
    { apiVersion: 'apps/v1', kind: 'Deployment' },
    { labelSelector: PROVIDER },
  );
  return items;
}

function argumentsOf(deployment: KubeObject): unknown {
  const [container] = Object(deployment['spec']).template.spec.containers;
  return [deployment.metadata.name, container.image, container.args, container.env];
}

async function keys(api: KubeApi): Promise<readonly unknown[]> {
  const { items } = await api.list(SECRET, { labelSelector: PROVIDER });
  return items.map((secret) => recordIn(secret, 'data')?.['tls.key']);
}
