import { expect } from '@jest/globals';
import { aClaimSpec } from '../../capi/testing/clusters.ts';
import { NAMESPACED_MANAGED_CLUSTER, PIVOT } from '../../lib/apis/kinds.ts';
import type { PivotSpec } from '../../lib/apis/pivot.generated.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { FakeApiServer } from '../../test/fake/api-server.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { done } from '../../test/fake/scenes.ts';
import { clusterIn, type FakeWorld } from '../../test/fake/world.ts';
import { handedOver } from './taken-back.ts';

const COMPOSITE = { ...NAMESPACED_MANAGED_CLUSTER, name: 'demo' };

/** rebuilt is a cluster that manages itself, and a management side that was built anew without a backup. */
export async function rebuilt(): Promise<FakeWorld> {
  const w = await handedOver();
  for (const object of w.management.all(NAMESPACE)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await w.management.patch(refOf(object), { metadata: { finalizers: null, labels: null } });
    // oxlint-disable-next-line no-await-in-loop -- see above
    await w.management.delete(refOf(object));
  }
  expect(w.management.all(NAMESPACE)).toEqual([]);
  await identified(w.management);
  await identified(w.workload);
  await w.management.create({
    ...NAMESPACED_MANAGED_CLUSTER,
    metadata: { name: COMPOSITE.name, namespace: NAMESPACE },
    spec: aClaimSpec('docker'),
  });
  return w;
}

/** adoption makes the Pivot as Crossplane composes it for the claim that adopts the cluster. */
export async function adoption(w: FakeWorld, spec: Partial<PivotSpec> = {}): Promise<void> {
  const composite = await w.management.get({ ...COMPOSITE, namespace: NAMESPACE });
  const { uid = '' } = composite?.metadata ?? {};
  await w.pivot({ adoptFrom: 'old', provider: 'docker', ...spec }, 'adoption');
  const ref = { ...PIVOT, namespace: NAMESPACE, name: 'adoption' };
  await w.management.patch(ref, {
    metadata: { ownerReferences: [{ ...COMPOSITE, uid, controller: true }] },
  });
}

/** identified creates the namespace by whose uid a server is known. */
export function identified(server: FakeApiServer): Promise<KubeObject> {
  const metadata = { name: 'kube-system' };
  return server.create({ apiVersion: 'v1', kind: 'Namespace', metadata });
}

/** annotate changes annotations of the Cluster in the cluster. */
export function annotate(
  w: FakeWorld,
  annotations: Readonly<Record<string, string>>,
): Promise<KubeObject> {
  return w.workload.patch(refOf(root(w)), { metadata: { annotations } });
}

/** root is the Cluster in the cluster. */
export function root(w: FakeWorld): KubeObject {
  const [cluster] = clusterIn(w.workload);
  if (cluster === undefined) throw new Error('the cluster is gone');
  return cluster;
}

/** stopped reports whether a Pivot is complete or says why not. */
export function stopped(pivot: KubeObject): boolean {
  return done(pivot) || conditionOf(pivot, 'Ready')?.status === 'False';
}

/** inside is everything in the cluster but its Cluster. */
export function inside(w: FakeWorld): readonly unknown[] {
  return w.workload.all(NAMESPACE).filter(({ kind }) => kind !== 'Cluster');
}
