import { isRecord, type Json } from '../../lib/core/object.ts';
import { Registry } from 'prom-client';
import { PIVOT } from '../../lib/apis/kinds.ts';
import type { PivotSpec } from '../../lib/apis/pivot.generated.ts';
import { UnreachableError } from '../../lib/kube/errors.ts';
import { createLogger } from '../../lib/log.ts';
import type { KubeconfigRef } from '../../provider/deps.ts';
import { pivotController } from '../../provider/pivot/controller.ts';
import { CLUSTER_NAME, NAMESPACE } from '../fake/cluster.ts';
import { capi, done, world } from '../fake/scenes.ts';
import type { FakeWorld } from '../fake/world.ts';
import { PIVOT_NAME } from '../fake/world.ts';
import type { Scene } from './unread.ts';
import { NOTHING_ALLOWED } from '../fake/provider-options.ts';

const SPEC: PivotSpec = {
  clusterName: CLUSTER_NAME,
  kubeconfigSecretRef: { name: 'access', key: 'value' },
  direction: 'ToWorkload',
  provider: 'docker',
  abort: false,
  source: 'Cluster',
};

/** pivotScenes are a Pivot there and one back, with what becomes of the cluster and by which Secret it was reached. */
export function pivotScenes(): readonly Scene<unknown>[] {
  return [
    { spec: SPEC, output: (spec) => carriedOut(spec, false) },
    { spec: { ...SPEC, direction: 'ToManagement' }, output: (spec) => carriedOut(spec, true) },
    { spec: SPEC, output: reachedBy },
  ];
}

async function carriedOut(spec: unknown, isBack: boolean): Promise<string | undefined> {
  if (!isRecord<Json>(spec)) return undefined;
  const made = await world(false, 0);
  if (isBack) {
    await made.pivot();
    await made.run(done);
  }
  await made.pivot(spec, 'subject');
  const { status } = await made.run(done, { name: 'subject' });
  const conditions = status?.conditions?.map(({ type, status: is, reason }) => [type, is, reason]);
  return JSON.stringify([conditions, status?.moved, capi(made.management), capi(made.workload)]);
}

/** Nobody answers, but who is asked is known. */
async function reachedBy(spec: unknown): Promise<string | undefined> {
  if (!isRecord<Json>(spec)) return undefined;
  const made = await world(false, 0);
  await made.pivot(spec);
  const refs: KubeconfigRef[] = [];
  const { reconciler } = pivotController(depsOf(made, refs));
  const key = { namespace: NAMESPACE, name: PIVOT_NAME };
  await reconciler.reconcile(key, new AbortController().signal).catch(() => undefined);
  const pivot = await made.management.get({ ...PIVOT, ...key });
  return pivot === undefined ? undefined : JSON.stringify(refs);
}

function depsOf({ management, now }: FakeWorld, refs: KubeconfigRef[]) {
  return {
    management,
    workload: (ref: KubeconfigRef) => {
      refs.push(ref);
      return Promise.reject(new UnreachableError('no route'));
    },
    log: createLogger('silent'),
    events: { event: () => undefined },
    metrics: new Registry(),
    clock: { now: () => new Date(now) },
    options: {
      managementEndpoint: '',
      managementAuthority: '',
      agentImage: '',
      version: '0.0.0',
      allowed: NOTHING_ALLOWED,
    },
  };
}
