import { AGENTS_NAMESPACE } from '../../../lib/apis/agent.ts';
import { CLUSTER_NAMESPACE_LABEL } from '../../../lib/apis/ownership.ts';
import { waitFor } from '@managed-cluster/toolchain';
import {
  NAMESPACED_MANAGED_CLUSTER,
  MANAGED_CLUSTER_CLAIM,
  X_MANAGED_CLUSTER,
} from '../../../lib/apis/kinds.ts';
import { type KubeObject, isRecord, recordIn } from '../../../lib/core/object.ts';
import type { ObjectRef, TypeRef } from '../../../lib/kube/api.ts';
import { eventually, makeNamespace, management } from '../world.ts';

/** api is an administrator's client of the management side. */
export const api = management();

/** Flavour is how a user asks for a cluster. */
export type Flavour = 'claim' | 'composite';

/** Subject is one cluster, alone in a namespace of its own. */
export interface Subject {
  readonly flavour: Flavour;
  readonly name: string;
}

/** refOf names what the user applied; the namespace has the name of the cluster. */
export function refOf({ flavour, name }: Subject): ObjectRef {
  const type = flavour === 'claim' ? MANAGED_CLUSTER_CLAIM : NAMESPACED_MANAGED_CLUSTER;
  return { ...type, namespace: name, name };
}

/** clusterRef names the Cluster. */
export function clusterRef({ name }: Subject): ObjectRef {
  return { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', namespace: name, name };
}

/** reportRef names the report of a teardown. */
export function reportRef({ name }: Subject): ObjectRef {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace: name, name: `${name}-teardown` };
}

/** begin applies a cluster of pretend machines. */
export async function begin(
  subject: Subject,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await makeNamespace(api, subject.name);
  const { apiVersion, kind, namespace = '', name } = refOf(subject);
  const spec = {
    kubernetes: { version: 'v1.35.4' },
    cloud: { provider: 'docker', docker: { backend: 'inMemory' } },
    controlPlane: { replicas: 1 },
    ...more,
  };
  const object = { apiVersion, kind, metadata: { namespace, name }, spec };
  await api.apply(object, { fieldManager: 'e2e' });
}

/** compositeRef names the composite behind what was applied. */
export async function compositeRef(subject: Subject): Promise<ObjectRef> {
  if (subject.flavour === 'composite') return refOf(subject);
  const claim = await eventually(
    api,
    refOf(subject),
    'to have a composite',
    (object) => nameOfComposite(object) !== undefined,
  );
  return { ...X_MANAGED_CLUSTER, name: nameOfComposite(claim) ?? '' };
}

function nameOfComposite(claim: KubeObject): string | undefined {
  const name = recordIn(recordIn(claim, 'spec'), 'resourceRef')?.['name'];
  return typeof name === 'string' ? name : undefined;
}

/** gone waits until an object is no more. */
export async function gone(ref: ObjectRef, timeoutMs = 120_000): Promise<void> {
  await waitFor({
    what: `${ref.kind} ${ref.name} to be gone`,
    timeoutMs,
    intervalMs: 200,
    look: async () => ((await api.get(ref)) === undefined ? true : undefined),
  });
}

/** What every namespace has, or what is told of what was in it. */
const USUAL = ['Event', 'ServiceAccount default', 'ConfigMap kube-root-ca.crt'];

/** leftIn lists everything that is in a namespace, of whatever kind, and what is left of its agents elsewhere. */
export async function leftIn(namespace: string): Promise<readonly string[]> {
  const types = await namespacedTypes();
  const agents = { labelSelector: `${CLUSTER_NAMESPACE_LABEL}=${namespace}` };
  const lists = await Promise.all(
    types.flatMap((type) => [
      api.list({ ...type, namespace }),
      api.list({ ...type, namespace: AGENTS_NAMESPACE }, agents),
    ]),
  );
  return lists
    .flatMap(({ items }) => items)
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    .filter((one) => !USUAL.some((usual) => one === usual || one.startsWith(`${usual} `)))
    .toSorted();
}

async function namespacedTypes(): Promise<readonly TypeRef[]> {
  const groups = listIn(await api.raw('GET', '/apis'), 'groups').map(
    ({ preferredVersion }) =>
      `/apis/${String(recordIn({ preferredVersion }, 'preferredVersion')?.['groupVersion'])}`,
  );
  const found = await Promise.all(
    ['/api/v1', ...groups].map(async (path) =>
      listIn(await api.raw('GET', path), 'resources')
        .filter(({ namespaced, name, verbs }) => {
          const can = Array.isArray(verbs) && verbs.includes('list');
          return namespaced === true && can && !String(name).includes('/');
        })
        .map(({ kind }) => ({
          apiVersion: path.replace(/^\/apis?\//, ''),
          kind: String(kind),
        })),
    ),
  );
  return found.flat();
}

function listIn(answer: unknown, name: string): readonly Readonly<Record<string, unknown>>[] {
  const list = isRecord(answer) ? answer[name] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
