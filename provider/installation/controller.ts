import type { AgentInstallation } from '../../lib/apis/agent-installation.generated.ts';
import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { PROVIDER_FINALIZER } from '../../lib/apis/ownership.ts';
import { isPaused } from '../../lib/apis/pause.ts';
import { contentHash } from '../../lib/core/hash.ts';
import { type KubeObject, isRecord } from '../../lib/core/object.ts';
import type { Key } from '../../lib/reconcile/controller.ts';
import { managed, type ManagedKind, type ManagedPass } from '../../lib/reconcile/managed.ts';
import { done } from '../../lib/reconcile/outcome.ts';
import { ownerMark } from '../core/teardown/belonging.ts';
import type { ControllerParts, ProviderDeps } from '../deps.ts';
import { Installations } from './installations.ts';
import { nextPass, type Pacing } from './pacing.ts';
import type { NamedOutcome } from './part.ts';
import { removeIdentity } from './parts/identity.ts';
import { PARTS } from './parts/index.ts';
import { planSecrets } from './plan-secrets.ts';
import { type ProviderWatch, watchProviders } from './provider-watch.ts';
import { runParts } from './run-parts.ts';
import { scopeOf } from './scope.ts';
import { outcomeOf, reportParts, reportSynced } from './status.ts';

const PACING: Pacing = { checkMs: 60_000, random: Math.random };

/** No watch reports a Secret that a layer waits for. */
const AWAITED_MS = 10_000;

/** agentInstallationController installs agent and Cluster API providers into workload clusters. */
export function agentInstallationController(
  deps: ProviderDeps,
  pacing: Pacing = PACING,
): ControllerParts {
  const watch = watchProviders(deps.management, deps.options.allowed.providerNamespaces);
  const installations = new Installations(watch, pacing.checkMs);
  return {
    reconciler: managed(installationKind({ deps, watch, installations, pacing })),
    sources: installations.sources(),
    workers: 4,
  };
}

/** Shared is the state of all reconciles. */
interface Shared {
  readonly deps: ProviderDeps;
  readonly watch: ProviderWatch;
  readonly installations: Installations;
  readonly pacing: Pacing;
}

function installationKind(shared: Shared): ManagedKind {
  const { management } = shared.deps;
  return {
    name: 'agentinstallation',
    api: management,
    finalizer: PROVIDER_FINALIZER,
    marksOf: ownerMark,
    async read(key) {
      const found = await management.get({ ...AGENT_INSTALLATION, ...key });
      return isInstallation(found) ? found : undefined;
    },
    isHeld: (object) => !isPaused(object),
    async begin(object, key) {
      if (!isInstallation(object))
        throw new Error(`cannot read ${object.kind} ${key.name}: no spec`);
      if (isPaused(object)) return restingPass(shared, object);
      return object.metadata.deletionTimestamp === undefined
        ? partsPass(shared, object, key)
        : removalPass(shared, object, key);
    },
    forget: (key) => shared.installations.forget(key),
  };
}

/** The pass for an installation that is paused: it cannot do anything. */
function restingPass({ deps }: Shared, object: AgentInstallation): ManagedPass {
  return {
    object,
    paused: true,
    run: () => Promise.reject(new Error('cannot reconcile: the object is paused')),
    report: (ending) => reportSynced(deps, object, ending),
    ended: () => undefined,
  };
}

/** The pass for an installation that is being deleted. */
function removalPass(
  { deps, installations }: Shared,
  object: AgentInstallation,
  key: Key,
): ManagedPass {
  return {
    object,
    paused: false,
    async run() {
      await removeIdentity(deps.management, object);
      return done;
    },
    // An object about to disappear needs no status.
    report: async (ending) =>
      ending.kind === 'Done' ? undefined : reportSynced(deps, object, ending),
    ended: () => installations.forget(key),
  };
}

/** The pass that reconciles the parts of an installation. */
async function partsPass(
  { deps, watch, installations, pacing }: Shared,
  object: AgentInstallation,
  key: Key,
): Promise<ManagedPass> {
  const { namespace } = key;
  const name = object.spec.clusterName;
  const found = await deps.management.get({ ...CLUSTER_PLAN, namespace, name });
  const plan = isPlan(found) ? found : undefined;
  const secrets = await planSecrets(deps.management, { namespace, name }, plan);
  const scope = scopeOf({ deps, watch, installation: object, plan, secrets });
  const memory = installations.memoryOf(key);
  const { uid = '', generation = 0 } = object.metadata;
  memory.under(contentHash([uid, generation, secrets.usable, secrets.refusals]));
  let parts: readonly NamedOutcome[] = [];
  return {
    object,
    paused: false,
    async run() {
      parts = await runParts(PARTS, scope, memory);
      const next = nextPass(parts, memory, pacing);
      return outcomeOf(parts, secrets.missing.length > 0 ? Math.min(next, AWAITED_MS) : next);
    },
    report: (ending) =>
      ending.kind === 'Failed'
        ? reportSynced(deps, object, ending)
        : reportParts(scope, parts, ending),
    ended: () => undefined,
  };
}

/** The schema of its CRD says the rest. */
function isInstallation(object: KubeObject | undefined): object is AgentInstallation {
  return object?.kind === AGENT_INSTALLATION.kind && isRecord(object['spec']);
}

/** The schema of its CRD says the rest. */
function isPlan(object: KubeObject | undefined): object is ClusterPlan {
  return object?.kind === CLUSTER_PLAN.kind && isRecord(object['spec']);
}
