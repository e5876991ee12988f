/**
 * What the agent reports in the status of its ClusterPlan, as it may be shown on composite and claim. The cluster can
 * be hostile: only known fields are taken, each of its type, within the limits of our schemas.
 */
import type { LayerStatus, ManagedClusterSpec } from '../../lib/apis/managed-cluster.generated.ts';
import { isRecord, recordIn } from '../../lib/core/object.ts';
import { countOf, cutText, uniqueBy } from '../../lib/core/reported.ts';
import type { Facts } from './facts.ts';

/** Limits of our schemas (lib/apis/schema/report.ts, cluster-status.ts), in characters and entries. */
const LONGEST_LAYER = 400;
const MOST_LAYERS = 256;

/** The worker machines of the pools of the claim. */
export function workers(
  spec: ManagedClusterSpec,
  reported: unknown,
): Readonly<Record<string, unknown>> {
  const names = new Set(spec.nodePools.map(({ name }) => name));
  const pools = recordsIn(reported)
    .filter(({ name }) => names.has(name))
    .map((pool) => ({
      name: pool.name,
      ...('desired' in pool ? { desired: countOf(pool['desired']) } : {}),
      ...('ready' in pool ? { ready: countOf(pool['ready']) } : {}),
      ...versionIn(pool),
    }));
  const wanted = sum(
    spec.nodePools.map(({ replicas, autoscaling }) => replicas ?? autoscaling?.min),
  );
  const ready = sum(pools.map((pool) => pool.ready));
  return { workers: `${ready}/${wanted}`, ...(pools.length === 0 ? {} : { nodePools: pools }) };
}

/** Layers that the agent no longer has to install, but has not removed yet, are reported too. */
function layersIn(reported: unknown): readonly LayerStatus[] {
  return recordsIn(reported)
    .slice(0, MOST_LAYERS)
    .flatMap(({ name, profile, phase, message }) =>
      isLayerPhase(phase)
        ? [
            {
              name: cutText(name, 63),
              ...(typeof profile === 'string' ? { profile: cutText(profile, 253) } : {}),
              phase,
              ...(typeof message === 'string' ? { message: cutText(message, LONGEST_LAYER) } : {}),
            },
          ]
        : [],
    );
}

function isLayerPhase(value: unknown): value is LayerStatus['phase'] {
  const phases: readonly unknown[] = ['Pending', 'Installing', 'Ready', 'Failed'];
  return phases.includes(value);
}

type Named = Readonly<Record<string, unknown>> & { readonly name: string };

/** The named entries of a list that the cluster reports, each name once: Crossplane cannot apply a name twice. */
function recordsIn(reported: unknown): readonly Named[] {
  const all: readonly unknown[] = Array.isArray(reported) ? reported : [];
  return uniqueBy(all.filter(isNamed), ({ name }) => name);
}

function isNamed(value: unknown): value is Named {
  return isRecord(value) && typeof value['name'] === 'string';
}

/** The version in a report or in the status of a Cluster API object. */
export function versionIn(reported: unknown): { readonly version?: string } {
  const version = isRecord(reported) ? reported['version'] : undefined;
  return typeof version === 'string' ? { version: cutText(version, 64) } : {};
}

function sum(values: readonly unknown[]): number {
  return values.map(countOf).reduce((total, value) => total + value, 0);
}

/** The layers, and the generation of the plan that the agent has observed. */
export function reportedByAgent({ plan }: Facts): Readonly<Record<string, unknown>> {
  if (plan === undefined) return {};
  const report = recordIn(plan, 'status');
  const observed = report?.['observedGeneration'];
  const { generation } = plan.metadata;
  return {
    plan: {
      ...(generation === undefined ? {} : { desired: generation }),
      ...(observed === undefined ? {} : { observed: countOf(observed) }),
    },
    ...(Array.isArray(report?.['layers']) ? { layers: layersIn(report['layers']) } : {}),
  };
}
