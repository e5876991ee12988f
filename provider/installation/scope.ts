import { isForgotten } from '../../lib/apis/forgotten.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLUSTER } from '../../capi/kinds.ts';
import type { AgentInstallation } from '../../lib/apis/agent-installation.generated.ts';
import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { once } from '../../lib/once.ts';
import { UnreachableError } from '../../lib/kube/errors.ts';
import type { ProviderDeps } from '../deps.ts';
import { clusterObjects } from './cluster-objects.ts';
import type { Scope } from './part.ts';
import type { PlanSecrets } from './plan-secrets.ts';
import type { ProviderWatch } from './provider-watch.ts';
import { type SelectedProviders, selectProviders, withKept } from './selected-providers.ts';
import { notingElsewhere } from './elsewhere.ts';
import { provenTarget } from './target-check.ts';
import { caBundleOf, ensureTrust } from './trust.ts';

/** Timeout for an answer of the cluster: other reconciles need the worker. */
const ANSWER_MS = 5000;

/** An upgrade of the management side deletes and recreates objects within this time. */
const QUIET_MS = 60_000;

/** ScopeParts is the input of {@link scopeOf}. */
export interface ScopeParts {
  readonly deps: ProviderDeps;
  readonly watch: ProviderWatch;
  readonly installation: AgentInstallation;
  readonly plan: ClusterPlan | undefined;
  readonly secrets: PlanSecrets;
}

/** scopeOf creates the scope of one pass: everything is read at most once, and only when needed. */
export function scopeOf({ deps, watch, installation, plan, secrets }: ScopeParts): Scope {
  const { namespace = '' } = installation.metadata;
  const { clusterName: cluster, kubeconfigSecretRef, pauseUpgrades } = installation.spec;
  const now = deps.clock.now();
  const target = once(async () => {
    const { name, key } = kubeconfigSecretRef;
    const api = await deps.workload({ namespace, name, key, cluster });
    await answers(api);
    const here = await deps.management.get({ ...CLUSTER, namespace, name: cluster });
    const proof = provenTarget(api, deps.management, {
      cluster: { namespace, name: cluster },
      kubeconfig: `${namespace}/${name}`,
      knownUid: installation.status?.clusterUID,
      forgotten: isForgotten(here),
    });
    const uid = await notingElsewhere(deps, installation, proof);
    return { api, uid };
  });
  const workload = once(async () => (await target()).api);
  const objects = once(async () => {
    const { crds } = await watch.bundle();
    const ref = { namespace, name: cluster };
    const here = await clusterObjects(deps.management, crds, ref);
    return here.length > 0 ? here : clusterObjects(await workload(), crds, ref);
  });
  return {
    deps,
    installation,
    namespace,
    cluster,
    plan,
    secrets,
    now,
    workload,
    clusterUid: async () => (await target()).uid,
    clusterObjects: objects,
    providers: once(async () => {
      const selected = await selectedFrom(watch, await objects(), deps);
      return withKept(await workload(), selected, { cluster, pauseUpgrades });
    }),
    providersAreQuiet: () => watch.quietMs() > QUIET_MS,
    caBundle: once(async () => caBundleOf(await ensureTrust(await workload(), cluster, now))),
  };
}

/** What is missing or refused may have been corrected in a way that no watch reports. */
async function selectedFrom(
  watch: ProviderWatch,
  objects: readonly KubeObject[],
  { options }: ProviderDeps,
): Promise<SelectedProviders> {
  try {
    return selectProviders(await watch.bundle(), objects, options.allowed.privilegedProviders);
  } catch (error) {
    watch.discard();
    throw error;
  }
}

async function answers(api: KubeApi): Promise<void> {
  const abort = new AbortController();
  const late = sleep(ANSWER_MS, undefined, { signal: abort.signal }).then(() => {
    throw new UnreachableError(
      `the API server of the workload cluster did not answer within ${ANSWER_MS / 1000} s`,
    );
  });
  try {
    await Promise.race([api.raw('GET', '/version'), late]);
  } finally {
    abort.abort();
    late.catch(() => undefined);
  }
}
