import { CLUSTER } from '../../capi/kinds.ts';
import { CLUSTER_NAME_LABEL } from '../../capi/labels.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN, PIVOT } from '../../lib/apis/kinds.ts';
import { CLUSTER_LABEL } from '../../lib/apis/ownership.ts';
import { recordIn } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { during } from '../../lib/errors.ts';
import type { Key, Result } from '../../lib/reconcile/controller.ts';
import {
  claimRefOf,
  clusterOf,
  compositeTypeOf,
  compositeTypes,
  subjectOf,
  withFinalizer,
  withoutFinalizer,
  type Subject,
} from '../core/teardown/subject.ts';
import type { ControllerParts, ProviderDeps, Source } from '../deps.ts';
import { changeMetadata } from './held-object.ts';
import { Unguarded } from './unguarded.ts';
import { createTeardown, type Teardown } from './teardown.ts';

const MACHINE = { apiVersion: CLUSTER.apiVersion, kind: 'Machine' };

/**
 * teardownController puts a finalizer on every composite, and takes a cluster away in order when its
 * composite is deleted (DESIGN 8).
 */
export function teardownController(deps: ProviderDeps): ControllerParts {
  const owners = new Map<string, Key>();
  const teardown = createTeardown(deps);
  const unguarded = new Unguarded();
  return {
    reconciler: {
      name: 'teardown',
      reconcile: (key) => reconcile(deps, { key, owners, teardown, unguarded }),
    },
    sources: sourcesOf(owners),
  };
}

interface Context {
  readonly key: Key;
  /** Composites by namespace and name of their clusters: a copy that came back says nothing of them. */
  readonly owners: Map<string, Key>;
  readonly teardown: Teardown;
  readonly unguarded: Unguarded;
}

async function reconcile(deps: ProviderDeps, context: Context): Promise<Result> {
  const { key, owners, teardown, unguarded } = context;
  const found = await readComposite(deps, key);
  const composite = unguarded.after(key, found) ?? found;
  if (composite === undefined) {
    forget(context);
    return {};
  }
  const cluster = clusterOf(composite);
  if (cluster !== undefined) owners.set(`${cluster.namespace}/${cluster.name}`, key);
  if (composite.metadata.deletionTimestamp === undefined) {
    const finalizers = withFinalizer(composite);
    if (finalizers !== undefined) await changeMetadata(deps.management, composite, { finalizers });
    return {};
  }
  const subject = await subjectFor(deps, composite);
  if (subject !== undefined) {
    const result = await teardown.run(key, subject);
    if (composite !== found && result.requeueAfterMs === undefined) {
      unguarded.forget(key);
      forget(context);
    }
    return result;
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
  const [claim, namespace] = await during(
    `read claim and namespace of ${composite.kind} ${composite.metadata.name}`,
    Promise.all([
      ref === undefined ? undefined : management.get(ref),
      management.get({ apiVersion: 'v1', kind: 'Namespace', name: cluster.namespace }),
    ]),
  );
  const terminating = namespace?.metadata.deletionTimestamp !== undefined;
  return subjectOf(composite, isBehind(claim, composite) ? claim : undefined, terminating);
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
