import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  applyCrds,
  grantAccess,
  type ManagedProcess,
  providerProcess,
} from '@managed-cluster/testbed';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { objectsIn } from '../../lib/program/manifests.ts';
import { KEYS_SECRET } from '../../provider/handover/keyring.ts';
import type { Arena } from './arena.ts';
import type { Subject } from './subject.ts';

const PROVIDER_NAMESPACE = 'crossplane-system';

/** Product is our provider in an arena, with the policies and the CRDs that it needs. */
export interface Product {
  readonly provider: ManagedProcess;
}

/** accessName is the Secret through which the provider reaches the workload side for a subject. */
export function accessName({ name }: Subject): string {
  return `${name}-access`;
}

/** installProduct installs CRDs and policies on both sides, and starts the provider behind the proxies. */
export async function installProduct(arena: Arena): Promise<Product> {
  const { management, workload } = arena.sites;
  // The provider would make its keys during the first pivot: the n-th write must be the same one in every run.
  await applyAll(management.api, [namespaceOf(PROVIDER_NAMESPACE)]);
  await applyAll(management.api, [keys()]);
  const crds = objectsIn('package/crds');
  await Promise.all([applyCrds(management.api, crds), applyCrds(workload.api, crds)]);
  await applyAll(management.api, objectsIn('package/policies/management'));
  await applyAll(workload.api, objectsIn('package/policies/workload'));
  const provider = await startReplica(arena, 'm-provider', 8100);
  arena.tell('the provider is ready');
  return { provider };
}

/** startReplica starts a provider behind the proxies, with its metrics at a port and health at the next. */
export async function startReplica(
  arena: Arena,
  name: string,
  port: number,
): Promise<ManagedProcess> {
  const { management } = arena.sites;
  const kubeconfig = join(management.folder, 'mover.kubeconfig');
  writeFileSync(kubeconfig, arena.proxies.management.kubeconfig(), { mode: 0o600 });
  const provider = providerProcess(arena.world.context, management, {
    name,
    kubeconfig,
    ports: { metrics: port, health: port + 1 },
    // A killed one holds its Lease for a while: that is proved elsewhere, and would only cost time.
    flags: ['--leader-election=off'],
  });
  await provider.start();
  return provider;
}

/** admit lets the provider reach the workload side of a subject. */
export async function admit(arena: Arena, subject: Subject): Promise<void> {
  const secret = { namespace: subject.name, name: accessName(subject) };
  const { management } = arena.sites;
  await grantAccess(management.api, secret, arena.proxies.workload.kubeconfig());
}

function keys(): KubeObject {
  const data = { 'key-1': randomBytes(32).toString('base64') };
  const metadata = { name: KEYS_SECRET, namespace: PROVIDER_NAMESPACE };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'managedcluster.io/keys', data };
}

function namespaceOf(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

function applyAll(api: KubeApi, objects: readonly KubeObject[]): Promise<unknown> {
  return Promise.all(
    objects.map((object) => api.apply(object, { fieldManager: 'kill', force: true })),
  );
}
