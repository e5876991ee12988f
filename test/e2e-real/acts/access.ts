import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@managed-cluster/toolchain';
import { messageOf } from '../../../lib/errors.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import type { Subject } from '../subject.ts';

const REFUSED = 'this kubeconfig of Cluster API was replaced when the cluster was handed over';
const POD = { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system' };

/** The kubeconfig with which Cluster API worked on the management side is in every backup of before the handover. */
export function refusesTheAccessOfBefore(subject: Subject): void {
  describe('the kubeconfig that Cluster API had before the handover', () => {
    it('is refused by the cluster within three minutes, and says where the present one is', async () => {
      const before = subject.inside();
      const answer = await waitFor({
        what: 'a write with the kubeconfig of before to be refused',
        timeoutMs: 180_000,
        intervalMs: 2000,
        look: () => writing(before),
      });
      expect(answer).toContain(REFUSED);
    });

    it('does not reach etcd any more, whose members a restored KubeadmControlPlane would remove', async () => {
      const before = subject.inside();
      const { items } = await before.list(POD, { labelSelector: 'component=etcd' });
      expect(items).toHaveLength(3);
      const path = `/api/v1/namespaces/kube-system/pods/${items[0]?.metadata.name}/portforward?ports=2379`;
      await expect(before.raw('POST', path)).rejects.toThrow(REFUSED);
    });

    it('is replaced on the management side by one that the cluster admits', async () => {
      await subject.renew();
      expect(await writing(subject.inside())).toBeUndefined();
    });
  });
}

/** What the API server says to a write; undefined if it takes it. */
async function writing(api: KubeApi): Promise<string | undefined> {
  const metadata = { namespace: 'default', name: 'written' };
  try {
    await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, { dryRun: true });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
