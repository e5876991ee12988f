import { Registry } from 'prom-client';
import { CLUSTER } from '../../capi/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { createLogger } from '../../lib/log.ts';
import { CLUSTER_NAME, NAMESPACE } from '../../test/fake/cluster.ts';
import { NO_OPTIONS } from '../../test/fake/provider-options.ts';
import type { FakeWorld } from '../../test/fake/world.ts';
import type { ProviderDeps } from '../deps.ts';

/** KEY is the Cluster of the fake worlds. */
export const KEY = { namespace: NAMESPACE, name: CLUSTER_NAME };

/** ROOT is its reference. */
export const ROOT = { ...CLUSTER, ...KEY };

/** depsOf are the dependencies of a provider in a fake world; `workload` replaces the way into the cluster. */
export function depsOf(
  w: FakeWorld,
  workload: () => Promise<KubeApi> = () => Promise.resolve(w.workload),
): ProviderDeps {
  return {
    management: w.management,
    workload,
    log: createLogger('silent'),
    events: { event: (_object, _type, reason) => void w.events.push(reason) },
    metrics: new Registry(),
    clock: { now: () => new Date(w.now) },
    options: NO_OPTIONS,
  };
}

/** rootOf is the Cluster on the management side. */
export async function rootOf({ management }: FakeWorld): Promise<KubeObject> {
  const cluster = await management.get(ROOT);
  if (cluster === undefined) throw new Error('there is no Cluster');
  return cluster;
}
