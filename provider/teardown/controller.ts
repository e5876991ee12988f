import { compositeTypes } from '../../lib/apis/composed.ts';
import { CLUSTER, MACHINE } from '../../capi/kinds.ts';
import { CLUSTER_NAME_LABEL } from '../../capi/labels.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN, PIVOT } from '../../lib/apis/kinds.ts';
import { CLUSTER_LABEL, TEARDOWN_FINALIZER } from '../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import type { Key, Result } from '../../lib/reconcile/controller.ts';
import {
  managed,
  runPass,
  type ManagedKind,
  type ManagedPass,
} from '../../lib/reconcile/managed.ts';
import { done } from '../../lib/reconcile/outcome.ts';
import { keyOf, keyText } from '../../lib/reconcile/work-queue.ts';
import {
  claimRefOf,
  clusterOf,
  compositeTypeOf,
  goneSubject,
  isUnguarded,
  mayBeGuarded,
  subjectOf,
  type Subject,
} from '../core/teardown/subject.ts';
import type { ControllerParts, ProviderDeps, Source } from '../deps.ts';
import { type Pace, PACE } from '../../lib/reconcile/pace.ts';
import { createTeardown, type Teardown } from './teardown.ts';

const NAME = 'teardown';

/** A cluster that does not answer is asked often enough for its time to be counted: see LONGEST_GAP_MS. */
const TEARDOWN_PACE: Pace = { ...PACE, longestRestMs: 30_000 };

/**
 * teardownController adds a finalizer to every composite, and removes its cluster in order when the
 * composite is deleted (DESIGN 8).
 */
export function teardownController(deps: ProviderDeps): ControllerParts {
  const context: Context = {
    deps,
    teardown: createTeardown(deps),
    owners: new Map(),
    unguarded: new Map(),
  };
  return {
    reconciler: { name: NAME, reconcile: (key, signal) => reconcile(context, key, signal) },
    sources: sourcesOf(context.owners),
    pace: TEARDOWN_PACE,
  };
}

interface Context {
  readonly deps: ProviderDeps;
  readonly teardown: Teardown;
  /**
   * Composites by namespace and name of their clusters: a copy that was moved back does not refer to its
   * composite.
   */
  readonly owners: Map<string, Key>;
  /** Composites without our finalizer that disappear before their cluster, by namespace and name. */
  readonly unguarded: Map<string, Subject>;
}

/** Reconciles the composite, and independently what an unguarded one of the same name left behind. */
async function reconcile(context: Context, key: Key, signal: AbortSignal): Promise<Result> {
  const composite = await readComposite(context.deps, key);
  const kind = kindOf(context, composite);
  const result = await managed(kind).reconcile(key, signal);
  const left = context.unguarded.get(keyText(key));
  if (left === undefined || left.composite.metadata.uid === composite?.metadata.uid) return result;
  const next = await runPass(kind, await beginGone(context, key, left), signal);
  if (context.unguarded.has(keyText(key))) return next;
  if (composite === undefined) kind.forget(key);
  return result;
}

function kindOf(context: Context, composite: KubeObject | undefined): ManagedKind {
  return {
    name: NAME,
    api: context.deps.management,
    finalizer: TEARDOWN_FINALIZER,
    read: () => Promise.resolve(composite),
    isHeld: mayBeGuarded,
    begin: (object, key) => begin(context, object, key),
    forget: (key) => forget(context, key),
  };
}

async function begin(
  { deps, teardown, owners, unguarded }: Context,
  composite: KubeObject,
  key: Key,
): Promise<ManagedPass> {
  const cluster = clusterOf(composite);
  if (cluster !== undefined) owners.set(keyText(cluster), key);
  const deleted = composite.metadata.deletionTimestamp !== undefined;
  const subject = deleted ? await subjectFor(deps, composite) : undefined;
  // It is not being deleted, or never had a namespace, so nothing can have been created for it.
  if (subject === undefined) return idlePass(composite);
  if (isUnguarded(subject) && !subject.paused) unguarded.set(keyText(key), subject);
  return teardown.begin(key, subject);
}

function idlePass(object: KubeObject): ManagedPass {
  return {
    object,
    paused: false,
    run: () => Promise.resolve(done),
    report: () => Promise.resolve(),
    ended: () => undefined,
  };
}

/** The composite no longer exists: only this process knows what is left of the cluster. */
async function beginGone(
  { deps, teardown, unguarded }: Context,
  key: Key,
  left: Subject,
): Promise<ManagedPass> {
  const terminating = await isTerminating(deps.management, left.cluster.namespace);
  const pass = await teardown.begin(key, goneSubject(left, terminating));
  return {
    ...pass,
    ended(): void {
      pass.ended();
      unguarded.delete(keyText(key));
    },
  };
}

/** The mapping is kept while objects of the cluster exist, because their events still trigger a reconcile. */
function forget({ owners, unguarded, teardown }: Context, key: Key): void {
  if (unguarded.has(keyText(key))) return;
  teardown.forget(key);
  for (const [cluster, owner] of owners) {
    if (keyText(owner) === keyText(key)) owners.delete(cluster);
  }
}

function readComposite(
  { management }: ProviderDeps,
  { namespace, name }: Key,
): Promise<KubeObject | undefined> {
  const type = compositeTypeOf(namespace);
  const ref = { ...type, name, ...(namespace === '' ? {} : { namespace }) };
  return wrapError(`read ${type.kind} ${name}`, management.get(ref));
}

async function subjectFor(
  { management }: ProviderDeps,
  composite: KubeObject,
): Promise<Subject | undefined> {
  const cluster = clusterOf(composite);
  if (cluster === undefined) return undefined;
  const ref = claimRefOf(composite);
  const [claim, terminating] = await wrapError(
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

/** A claim that was recreated under the same name has another composite. */
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
    ...compositeTypes.map((type) => ({ type, toKeys: (object: KubeObject) => [keyOf(object)] })),
    ...[CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT, CLUSTER, MACHINE].map(
      ({ apiVersion, kind }): Source => ({ type: { apiVersion, kind }, toKeys: ownerOf }),
    ),
  ];
}
