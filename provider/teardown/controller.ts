import { CLUSTER } from '../../capi/kinds.ts';
import { CLUSTER_NAME_LABEL } from '../../capi/labels.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN, PIVOT } from '../../lib/apis/kinds.ts';
import { CLUSTER_LABEL } from '../../lib/apis/ownership.ts';
import { recordIn } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { during } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import type { Key, Result } from '../../lib/reconcile/controller.ts';
import { keyText } from '../../lib/reconcile/work-queue.ts';
import {
  claimRefOf,
  clusterOf,
  compositeTypeOf,
  compositeTypes,
  goneSubject,
  isPaused,
  isUnguarded,
  subjectOf,
  withFinalizer,
  withoutFinalizer,
  type Subject,
} from '../core/teardown/subject.ts';
import type { ControllerParts, ProviderDeps, Source } from '../deps.ts';
import { changeMetadata } from './held-object.ts';
import { createTeardown, type Passed, type Teardown } from './teardown.ts';

const MACHINE = { apiVersion: CLUSTER.apiVersion, kind: 'Machine' };

/**
 * teardownController puts a finalizer on every composite, and takes a cluster away in order when its
 * composite is deleted (DESIGN 8).
 */
export function teardownController(deps: ProviderDeps): ControllerParts {
  const owners = new Map<string, Key>();
  const unguarded = new Map<string, Subject>();
  const teardown = createTeardown(deps);
  return {
    reconciler: {
      name: 'teardown',
      reconcile: (key) => reconcile(deps, { key, owners, unguarded, teardown }),
    },
    sources: sourcesOf(owners),
  };
}

interface Context {
  readonly key: Key;
  /** Composites by namespace and name of their clusters: a copy that came back says nothing of them. */
  readonly owners: Map<string, Key>;
  /** What is known of composites that nothing keeps until their cluster is gone, by namespace and name. */
  readonly unguarded: Map<string, Subject>;
  readonly teardown: Teardown;
}

async function reconcile(deps: ProviderDeps, context: Context): Promise<Result> {
  const { key, unguarded } = context;
  const composite = await readComposite(deps, key);
  // Another one of the same name does not wait for its finalizer.
  const result = composite === undefined ? {} : await pass(deps, context, composite);
  const left = unguarded.get(keyText(key));
  if (left !== undefined && left.composite.metadata.uid !== composite?.metadata.uid) {
    const { over, ...next } = await afterwards(deps, context, left);
    if (!over) return next;
    unguarded.delete(keyText(key));
  }
  if (composite === undefined) forget(context);
  return result;
}

/** Its composite has gone: what is left of the cluster is known to this process only. */
async function afterwards(
  deps: ProviderDeps,
  { key, teardown }: Context,
  left: Subject,
): Promise<Passed> {
  const terminating = await isTerminating(deps.management, left.cluster.namespace);
  return teardown.run(key, goneSubject(left, terminating));
}

async function pass(
  deps: ProviderDeps,
  { key, owners, unguarded, teardown }: Context,
  composite: KubeObject,
): Promise<Result> {
  const cluster = clusterOf(composite);
  if (cluster !== undefined) owners.set(`${cluster.namespace}/${cluster.name}`, key);
  if (composite.metadata.deletionTimestamp === undefined) {
    const finalizers = withFinalizer(composite);
    if (finalizers !== undefined) await changeMetadata(deps.management, composite, { finalizers });
    return {};
  }
  const subject = await subjectFor(deps, composite);
  if (subject !== undefined) {
    if (isUnguarded(subject) && !isPaused(subject)) unguarded.set(keyText(key), subject);
    return teardown.run(key, subject);
  }
  // It never had a namespace, so nothing can have been made for it.
  const finalizers = withoutFinalizer(composite);
  if (finalizers !== undefined) await changeMetadata(deps.management, composite, { finalizers });
  return {};
}

function forget({ key, owners, teardown }: Context): void {
  teardown.forget(key);
  for (const [cluster, { namespace, name }] of owners) {
    if (namespace === key.namespace && name === key.name) owners.delete(cluster);
  }
}

function readComposite(
  { management }: ProviderDeps,
  { namespace, name }: Key,
): Promise<KubeObject | undefined> {
  const type = compositeTypeOf(namespace);
  const ref = { ...type, name, ...(namespace === '' ? {} : { namespace }) };
  return during(`read ${type.kind} ${name}`, management.get(ref));
}

async function subjectFor(
  { management }: ProviderDeps,
  composite: KubeObject,
): Promise<Subject | undefined> {
  const cluster = clusterOf(composite);
  if (cluster === undefined) return undefined;
  const ref = claimRefOf(composite);
  const [claim, terminating] = await during(
    `read claim and namespace of ${composite.kind} ${composite.metadata.name}`,
    Promise.all([
      ref === undefined ? undefined : management.get(ref),
      isTerminating(management, cluster.namespace),
    ]),
  );
  return subjectOf(composite, isBehind(claim, composite) ? claim : undefined, terminating);
}

async function isTerminating(management: KubeApi, name: string): Promise<boolean> {
  const namespace = await management.get({ apiVersion: 'v1', kind: 'Namespace', name });
  return namespace?.metadata.deletionTimestamp !== undefined;
}

/** A claim that was made anew under the same name has another composite. */
function isBehind(claim: KubeObject | undefined, composite: KubeObject): boolean {
  const ref = recordIn(recordIn(claim, 'spec'), 'resourceRef');
  return ref === undefined || ref['name'] === composite.metadata.name;
}

function sourcesOf(owners: ReadonlyMap<string, Key>): readonly Source[] {
  function ownerOf(object: KubeObject): readonly Key[] {
    const { namespace, name, labels } = object.metadata;
    const named = labels?.[CLUSTER_LABEL] ?? labels?.[CLUSTER_NAME_LABEL] ?? name;
    const key = owners.get(`${namespace}/${named}`);
    return key === undefined ? [] : [key];
  }
  return [
    ...compositeTypes.map((type) => ({ type, toKeys: keyOf })),
    ...[CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT, CLUSTER, MACHINE].map(
      ({ apiVersion, kind }): Source => ({ type: { apiVersion, kind }, toKeys: ownerOf }),
    ),
  ];
}

function keyOf({ metadata: { namespace = '', name = '' } }: KubeObject): readonly Key[] {
  return [{ namespace, name }];
}
