import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@managed-cluster/toolchain';
import { HOLD_LABEL } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import type { KubeApi, ObjectRef } from '../../../lib/kube/api.ts';
import { annotationsOf, type ClusterState } from './fence-cases.ts';
import { capiCluster, capiMachine } from './policy-objects.ts';
import { refusal } from './sites.ts';

/** NAMESPACE is where everything is attacked. */
export const NAMESPACE = 'e2e-policies';

/** namespaceOf is a Namespace to create. */
export function namespaceOf(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** refOf names an object. */
export function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  const { name = '', namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** release takes the hold off. */
export async function release(api: KubeApi, ref: ObjectRef): Promise<void> {
  await api.patch(ref, { metadata: { labels: { [HOLD_LABEL]: null } } });
}

/** discard takes the hold off, deletes, and waits until the object is not there any more. */
export async function discard(api: KubeApi, ref: ObjectRef): Promise<void> {
  await release(api, ref);
  await api.delete(ref);
  await gone(api, ref);
}

/**
 * gone waits until somebody has deleted an object. The finalizers are taken off then, because Cluster
 * API does not let a paused object go.
 */
export async function gone(api: KubeApi, ref: ObjectRef): Promise<void> {
  await waitFor({
    what: `${ref.kind} ${ref.name} to go`,
    timeoutMs: 90_000,
    look: async () => {
      const found = await api.get(ref);
      const { deletionTimestamp, finalizers = [] } = found?.metadata ?? {};
      if (deletionTimestamp !== undefined && finalizers.length > 0 && ref.kind === 'Cluster') {
        await api.patch(ref, { metadata: { finalizers: null } });
      }
      return found === undefined ? true : undefined;
    },
  });
}

/** inForce waits until guard and fence refuse: a policy works a moment after it is stored. */
export async function inForce(api: KubeApi): Promise<void> {
  const cluster = capiCluster(
    { namespace: NAMESPACE, name: 'probe' },
    annotationsOf({ owner: 'moving', epoch: '1', paused: true }),
    { paused: true },
    { [HOLD_LABEL]: '' },
  );
  const stored = await api.create(cluster);
  const machine = capiMachine({ namespace: NAMESPACE, name: 'probe' }, 'probe', {});
  await waitFor({
    what: 'the guard and the fence to be in force',
    timeoutMs: 60_000,
    look: async () => {
      await refusal(api.create(machine, { dryRun: true }));
      return (
        (await refusal(
          api.raw(
            'DELETE',
            `/apis/cluster.x-k8s.io/v1beta2/namespaces/${NAMESPACE}/clusters/probe?dryRun=All`,
          ),
        )) !== ''
      );
    },
  });
  await discard(api, refOf(stored));
}

/** clusterIn is a Cluster in a state, under a name. */
export function clusterIn(name: string, state: ClusterState): KubeObject {
  const { paused } = state;
  return capiCluster({ namespace: NAMESPACE, name }, annotationsOf(state), { paused });
}

/** given stores a Cluster in a state, on a way that the fence allows: paused first. */
export async function given(api: KubeApi, name: string, state: ClusterState): Promise<KubeObject> {
  const stored = await api.create(clusterIn(name, { ...state, paused: true }));
  return state.paused ? stored : api.patch(refOf(stored), { spec: { paused: false } });
}

/** change tries to bring a stored Cluster into a state. */
export function change(api: KubeApi, stored: KubeObject, to: ClusterState): Promise<KubeObject> {
  const patch = [
    { op: 'add', path: '/metadata/annotations', value: annotationsOf(to) },
    { op: 'add', path: '/spec/paused', value: to.paused },
  ];
  return api.patch(refOf(stored), patch, { dryRun: true });
}

/** TAKEN is the verdict when nothing is refused. */
export const TAKEN = 'the API server took it';

/** verdict is {@link TAKEN}, or the message with which the API server refuses. */
export async function verdict(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return TAKEN;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

/** settled waits long enough for controllers to try, and for policies to see what was stored. */
export async function settled(): Promise<void> {
  await sleep(1000);
}
