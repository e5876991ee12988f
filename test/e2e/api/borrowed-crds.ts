import { waitFor } from '@managed-cluster/toolchain';
import { isTrue } from '../../../lib/core/conditions.ts';
import { isRecord } from '../../../lib/core/object.ts';
import type { KubeApi, ObjectRef } from '../../../lib/kube/api.ts';

const CRD = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' } as const;

const NEEDED = [
  'clusters.cluster.x-k8s.io',
  'machines.cluster.x-k8s.io',
  'kubeadmcontrolplanes.controlplane.cluster.x-k8s.io',
  'devmachinetemplates.infrastructure.cluster.x-k8s.io',
  'kubeadmconfigtemplates.bootstrap.cluster.x-k8s.io',
];

/**
 * borrowCrds gives a side that has no Cluster API the CRDs of one that has, without webhooks, and
 * returns those that were not there. The fence must hold before any controller comes.
 */
export async function borrowCrds(from: KubeApi, to: KubeApi): Promise<readonly ObjectRef[]> {
  const borrowed = await Promise.all(NEEDED.map((name) => borrow(from, to, { ...CRD, name })));
  return borrowed.flat();
}

async function borrow(from: KubeApi, to: KubeApi, ref: ObjectRef): Promise<readonly ObjectRef[]> {
  if ((await to.get(ref)) !== undefined) return [];
  const source = (await from.get(ref))?.['spec'];
  if (!isRecord(source)) throw new Error(`the management side has no ${ref.name} to borrow`);
  const { conversion: _conversion, ...spec } = source;
  await to.create({ ...CRD, metadata: { name: ref.name }, spec });
  await served(to, ref);
  return [ref];
}

/** served waits until the kind of a CRD can be used; other objects are let through. */
export async function served(api: KubeApi, ref: ObjectRef): Promise<void> {
  if (ref.kind !== CRD.kind) return;
  await waitFor({
    what: `${ref.name} to be served`,
    timeoutMs: 30_000,
    look: async () => {
      const found = await api.get(ref);
      return isTrue(found, 'Established') ? true : undefined;
    },
  });
}
