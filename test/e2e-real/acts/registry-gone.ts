import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REGISTRY_CONTAINER } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { isTrue } from '../../../lib/core/conditions.ts';
import { AGENT_NAMESPACE } from '../../../lib/apis/agent.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import { IMAGE_KEEPER } from '../../../provider/core/installation/image-keeper.ts';
import { identities, type Subject } from '../subject.ts';
import { docker, management } from '../world.ts';

/** What the cluster lives by: the agent, Cluster API, and what kubeadm and the network's layer made. */
const MACHINERY = /^(?:managed-cluster|capi|capd|kube)-.*system$/;

/** withoutRegistry: every Pod is made again, perhaps on another node, while nobody hands out images. */
export function withoutRegistry(subject: Subject): void {
  describe('while the registry is gone', () => {
    beforeAll(async () => {
      await imagesKept(subject);
      await docker()(['stop', REGISTRY_CONTAINER]);
    });

    afterAll(() => docker()(['start', REGISTRY_CONTAINER]));

    it('every Pod of the machinery that is deleted comes back', async () => {
      const before = await machinery(subject);
      const api = subject.inside();
      await Promise.all(before.map((pod) => api.delete(refOf(pod))));
      await waitFor({
        what: 'other Pods in place of all that were deleted, all Ready',
        timeoutMs: 240_000,
        intervalMs: 1000,
        look: async () => {
          const now = await machinery(subject);
          const old = identities(before);
          const fresh = identities(now).every((one) => !old.includes(one));
          const ready = now.every((pod) => isTrue(pod, 'Ready'));
          return fresh && ready && now.length === before.length ? true : undefined;
        },
      });
      expect(isTrue(await management().get(subject.claim), 'AgentConnected')).toBe(true);
    });
  });
}

async function imagesKept(subject: Subject): Promise<void> {
  const daemon = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: AGENT_NAMESPACE };
  await waitFor({
    what: 'every control plane to have the images of the machinery',
    timeoutMs: 120_000,
    intervalMs: 500,
    look: async () => {
      const status = recordIn(
        await subject.inside().get({ ...daemon, name: IMAGE_KEEPER }),
        'status',
      );
      return status?.['numberReady'] === 3 ? true : undefined;
    },
  });
}

/** Without static Pods: a node makes those itself, and what is deleted of them is only their image in the API. */
async function machinery(subject: Subject): Promise<readonly KubeObject[]> {
  const { items } = await subject.inside().list({ apiVersion: 'v1', kind: 'Pod' });
  return items.filter((pod) => MACHINERY.test(pod.metadata.namespace ?? '') && !isStatic(pod));
}

/** Kubernetes, pkg/kubelet/types: `ConfigMirrorAnnotationKey`. */
function isStatic({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
}
