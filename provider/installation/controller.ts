import type { AgentInstallation } from '../../lib/apis/agent-installation.generated.ts';
import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { isRecord } from '../../lib/core/conditions.ts';
import { contentHash } from '../../lib/core/hash.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { Key, Result } from '../../lib/reconcile/controller.ts';
import { secretsOf } from '../core/installation/management-identity.ts';
import type { ControllerParts, ProviderDeps } from '../deps.ts';
import { removeIdentity, withFinalizer, withoutFinalizer } from './cleanup.ts';
import { nextPass, type Pacing } from './pacing.ts';
import { partMemory, type PartMemory } from './part-memory.ts';
import { PARTS } from './parts/index.ts';
import { type ProviderWatch, watchProviders } from './provider-bundle.ts';
import { runParts } from './run-parts.ts';
import { scopeOf } from './scope.ts';
import { installationSources } from './sources.ts';
import { reportPass, reportPaused } from './status.ts';

const PACING: Pacing = { checkMs: 60_000, random: Math.random };

const PAUSED_ANNOTATION = 'crossplane.io/paused';

/** agentInstallationController installs agent and Cluster API providers into workload clusters. */
export function agentInstallationController(
  deps: ProviderDeps,
  pacing: Pacing = PACING,
): ControllerParts {
  const watch = watchProviders(deps.management);
  const memories = new Map<string, PartMemory>();
  const installer = new Installer({ deps, watch, pacing, memories });
  return {
    reconciler: {
      name: 'agentinstallation',
      reconcile: (key) => installer.reconcile(key),
    },
    sources: installationSources(watch, memories),
    workers: 4,
  };
}

interface InstallerParts {
  readonly deps: ProviderDeps;
  readonly watch: ProviderWatch;
  readonly pacing: Pacing;
  readonly memories: Map<string, PartMemory>;
}

class Installer {
  readonly #parts: InstallerParts;

  constructor(parts: InstallerParts) {
    this.#parts = parts;
  }

  async reconcile(key: Key): Promise<Result> {
    const { deps, memories } = this.#parts;
    const found = await deps.management.get({ ...AGENT_INSTALLATION, ...key });
    if (!isInstallation(found)) {
      memories.delete(`${key.namespace}/${key.name}`);
      return {};
    }
    if (found.metadata.annotations?.[PAUSED_ANNOTATION] === 'true') {
      await reportPaused(deps, found);
      return {};
    }
    if (found.metadata.deletionTimestamp !== undefined) {
      await this.#remove(key, found);
      return {};
    }
    const installation = await withFinalizer(deps.management, found);
    return isInstallation(installation) ? this.#install(key, installation) : {};
  }

  async #install(key: Key, installation: AgentInstallation): Promise<Result> {
    const { deps, watch, pacing } = this.#parts;
    const { namespace } = key;
    const name = installation.spec.clusterName;
    const found = await deps.management.get({ ...CLUSTER_PLAN, namespace, name });
    const plan = isPlan(found) ? found : undefined;
    const memory = this.#memoryOf(key);
    const { uid = '', generation = 0 } = installation.metadata;
    memory.under(contentHash([uid, generation, watch.version(), secretsOf(plan)]));
    const scope = scopeOf({ deps, watch, installation, plan });
    const reports = await runParts(PARTS, scope, memory);
    await reportPass(scope, reports);
    return { requeueAfterMs: nextPass(reports, memory, pacing) };
  }

  async #remove(key: Key, installation: AgentInstallation): Promise<void> {
    const { deps, memories } = this.#parts;
    const { clusterName: name } = installation.spec;
    await removeIdentity(deps.management, { namespace: key.namespace, name });
    await withoutFinalizer(deps.management, installation);
    memories.delete(`${key.namespace}/${key.name}`);
  }

  #memoryOf({ namespace, name }: Key): PartMemory {
    const { memories, pacing } = this.#parts;
    const id = `${namespace}/${name}`;
    const memory = memories.get(id) ?? partMemory(pacing.checkMs);
    memories.set(id, memory);
    return memory;
  }
}

/** The schema of its CRD says the rest. */
function isInstallation(object: KubeObject | undefined): object is AgentInstallation {
  return object?.kind === AGENT_INSTALLATION.kind && isRecord(object['spec']);
}

/** The schema of its CRD says the rest. */
function isPlan(object: KubeObject | undefined): object is ClusterPlan {
  return object?.kind === CLUSTER_PLAN.kind && isRecord(object['spec']);
}
