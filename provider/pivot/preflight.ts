import { clusterKinds } from '../../capi/cluster-kinds.ts';
import type { Kind } from '../../capi/cloud.ts';
import { groupOf, type KubeObject } from '../../lib/core/object.ts';
import { wrapError, messageOf } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { isConflict, isNoMatch, StatusError } from '../../lib/kube/errors.ts';
import { done, firstOpen, wait, type Outcome } from '../../lib/reconcile/outcome.ts';
import { allSettled } from '../../lib/settled.ts';
import { trustedObjects, vouchOf } from '../core/installation/provider-trust.ts';
import { copyForm } from '../core/pivot/copy-form.ts';
import { sourceUidOf, standingOf, verdictOn, type Standing } from '../core/pivot/existing.ts';
import type { Graph } from '../core/pivot/graph.ts';
import { keyOf, titleOf } from '../core/pivot/identity.ts';
import type { Attempt } from '../core/pivot/journal.ts';
import { servesType, typeKey } from '../core/pivot/move-types.ts';
import { fencedCluster } from '../core/pivot/ownership.ts';
import { someOf } from '../core/pivot/standstill.ts';
import { strangersOn } from '../core/pivot/verify.ts';
import { providerVersions, versionProblem, type ProviderVersions } from '../core/pivot/versions.ts';
import { missingPolicies } from '../policies/policies.ts';
import { crdsOf } from './crds.ts';
import { removeForGood } from './remove-for-good.ts';
import { kindsOf, listAll } from './objects.ts';
import { foreign, isSelfManaged, selfManaged } from './copies.ts';
import type { Scope, Site } from './scope.ts';
import { ownershipOn } from './trust.ts';

const RETRY_MS = 5000;
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };
const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace' };
const INVENTORY = { apiVersion: 'clusterctl.cluster.x-k8s.io/v1alpha3', kind: 'Provider' };
const PROVIDER_LABEL = 'cluster.x-k8s.io/provider';

/**
 * preflight checks everything that can be checked without changing the cluster: kinds, versions and
 * policies on both sides, and whether every webhook of the target would accept the copies.
 */
export async function preflight(scope: Scope, graph: Graph, attempt: Attempt): Promise<Outcome> {
  const kinds = movable(graph);
  if (kinds.kind !== 'Done') return kinds;
  const checks = await allSettled([
    serves(scope, graph),
    versions(scope, graph, attempt),
    policies(scope),
    names(scope, graph, attempt),
  ]);
  return firstOpen(checks) ?? webhooks(scope, graph, attempt);
}

/** ensureNamespace creates the namespace of the cluster on the target. */
export async function ensureNamespace({ target, cluster }: Scope): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Namespace', name: cluster.namespace };
  if ((await target.api.get(ref)) !== undefined) return;
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: cluster.namespace } };
  try {
    await wrapError(`create namespace ${cluster.namespace}`, target.api.create(namespace));
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

/** An object of another kind could be copied, but not taken off the management side (RBAC of the provider). */
function movable(graph: Graph): Outcome {
  const known = new Set(clusterKinds().map(typeKey));
  const all: readonly Kind[] = [...kindsOf(graph.objects)];
  const strange = all.find((kind) => groupOf(kind.apiVersion) !== '' && !known.has(typeKey(kind)));
  return strange === undefined
    ? done
    : wait(
        'KindNotMovable',
        `The cluster has an object of kind ${strange.kind} in ${strange.apiVersion}, which this version cannot move: delete it, or remove the label and the owner by which it belongs to the cluster`,
        RETRY_MS,
      );
}

async function serves({ target }: Scope, graph: Graph): Promise<Outcome> {
  const crds = await crdsOf(target.api, target.server);
  const missing = kindsOf(graph.objects).filter((kind) => !servesType(crds, kind));
  const [first] = missing;
  return first === undefined
    ? done
    : wait(
        'KindNotServed',
        `Waiting for ${first.kind} in ${first.apiVersion} to be served on the ${target.side} side: install its provider in a version that serves it`,
        RETRY_MS,
      );
}

async function versions(scope: Scope, graph: Graph, attempt: Attempt): Promise<Outcome> {
  const { source, target, record, deps } = scope;
  if (source === undefined) return done;
  const kinds = new Set(kindsOf(graph.objects).map(typeKey));
  const used = attempt.types.filter((type) => kinds.has(typeKey(type)));
  const providers = [...new Set(used.flatMap(({ provider }) => provider ?? []))];
  const { providerNamespaces } = deps.options.allowed;
  const [from, to] = await Promise.all([
    versionsOf(source, providerNamespaces),
    versionsOf(target, providerNamespaces),
  ]);
  const problem = versionProblem(from, to, providers);
  const reason = record.spec.direction === 'ToWorkload' ? 'ProvidersNotReady' : 'ProvidersTooOld';
  return problem === undefined
    ? done
    : wait(reason, `On the ${target.side} side: ${problem}`, RETRY_MS);
}

/** On the management side a label in a namespace of a tenant is no provider. */
async function versionsOf(
  { api, side }: Site,
  named: readonly string[],
): Promise<ProviderVersions> {
  const labelled = { labelSelector: PROVIDER_LABEL };
  const [deployments, inventory, namespaces] = await Promise.all([
    listEverywhere(api, DEPLOYMENT, labelled),
    listEverywhere(api, INVENTORY, {}),
    side === 'workload' ? [] : listEverywhere(api, NAMESPACE, labelled),
  ]);
  if (side === 'workload') return providerVersions(deployments, inventory);
  const vouch = vouchOf({ named, namespaces, inventory });
  return providerVersions(trustedObjects(deployments, vouch), trustedObjects(inventory, vouch));
}

async function listEverywhere(
  api: KubeApi,
  type: typeof DEPLOYMENT,
  options: { readonly labelSelector?: string },
): Promise<readonly KubeObject[]> {
  try {
    return (await wrapError(`list ${type.kind}`, api.list(type, options))).items;
  } catch (error) {
    if (isNoMatch(error)) return [];
    throw error;
  }
}

async function policies({ source, target }: Scope): Promise<Outcome> {
  const sites = source === undefined ? [target] : [source, target];
  const missing = await Promise.all(
    sites.map(async ({ api, side }) =>
      (await missingPolicies(api, side)).map((name) => `${name} on the ${side} side`),
    ),
  );
  const [first] = missing.flat();
  return first === undefined
    ? done
    : wait(
        'PoliciesMissing',
        `Waiting for the admission policy ${first}, which prevents both sides from reconciling the cluster: the provider installs it when it starts, check the log of the provider`,
        RETRY_MS,
      );
}

/** An object that already has the name of a copy must have been created by a pivot of this cluster. */
async function names(scope: Scope, graph: Graph, attempt: Attempt): Promise<Outcome> {
  const { target, cluster } = scope;
  const there = await listAll(target.api, kindsOf(graph.objects), cluster.namespace);
  const byKey = new Map(there.map((object) => [keyOf(object), object]));
  const root = byKey.get(keyOf(graph.cluster));
  if (root !== undefined && isSelfManaged(root, target)) return selfManaged(root);
  const standing = standingOf(root, graph.cluster, attempt);
  const situation = { cluster: cluster.name, standing, isOurs: await ownershipOn(scope) };
  const stranger = graph.objects
    .flatMap((object) => {
      const existing = byKey.get(keyOf(object));
      return existing === undefined ? [] : [{ object, existing }];
    })
    .find(
      ({ object, existing }) =>
        verdictOn(
          existing,
          copyForm(object, () => undefined),
          situation,
        ) === 'Foreign',
    );
  if (stranger !== undefined) return foreign(stranger.existing);
  // Objects that have the name of a copy were checked above.
  const needed = new Set(graph.objects.map(keyOf));
  const strangers = strangersOn(graph, there).filter((object) => !needed.has(keyOf(object)));
  return strangersOutcome(scope, strangers, standing);
}

/**
 * Objects that belong to the cluster on the target but are not copies would make the verification of the
 * fenced cluster fail. Copies without a Cluster were left by an interrupted attempt and are deleted before
 * the fence; objects that are not copies are never touched.
 */
async function strangersOutcome(
  { target, deps, record }: Scope,
  strangers: readonly KubeObject[],
  standing: Standing,
): Promise<Outcome> {
  const own = strangers.find((object) => sourceUidOf(object) === undefined);
  if (own !== undefined) return foreign(own);
  if (strangers.length === 0 || standing !== 'Absent') return done;
  await allSettled(strangers.map((object) => removeForGood(target.api, object)));
  const message = `Removing copies without a Cluster from the ${target.side} side, which an interrupted attempt left behind: ${someOf(strangers)}`;
  deps.events.event(record.object, 'Normal', 'RemovingLeftovers', message);
  return wait('RemovingLeftovers', message, RETRY_MS);
}

/** One object of each kind is enough, because webhooks are registered by kind. */
async function webhooks(scope: Scope, graph: Graph, attempt: Attempt): Promise<Outcome> {
  const samples = new Map(graph.objects.map((object) => [typeKey(object), object]));
  const answers = await allSettled(
    [...samples.values()].map(async (sample) => {
      const object = sample === graph.cluster ? fencedCluster(sample, attempt) : sample;
      return webhookAnswer(
        scope,
        copyForm(object, () => undefined),
      );
    }),
  );
  return firstOpen(answers) ?? done;
}

async function webhookAnswer({ target }: Scope, object: KubeObject): Promise<Outcome> {
  try {
    await target.api.create(object, { dryRun: true });
    return done;
  } catch (error) {
    // An object of this name already exists, and all webhooks accepted the request before the conflict.
    if (isConflict(error)) return done;
    if (!(error instanceof StatusError)) throw error;
    // The webhook or policy that denies the request may still be starting, so the request is retried.
    const text = `The ${target.side} side rejected ${titleOf(object)}: ${messageOf(error)}`;
    return error.code >= 500
      ? wait('WebhookNotReady', `${text}; waiting for the webhook of ${object.kind}`, RETRY_MS)
      : wait(
          'CopyRefused',
          `${text}; if this persists, compare the versions and feature gates of both sides`,
          RETRY_MS,
        );
  }
}
