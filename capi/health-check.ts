import type { JsonObject } from '../lib/core/object.ts';
import type { HealthCheck, NodePool } from '../lib/apis/managed-cluster.generated.ts';
import type { ClusterInput } from './cloud.ts';
import type { Manifest } from './manifest.ts';
import { HEALTH_CHECK } from './kinds.ts';
import {
  CLUSTER_NAME_LABEL,
  clusterLabels,
  CONTROL_PLANE_LABEL,
  DEPLOYMENT_NAME_LABEL,
  poolLabels,
} from './labels.ts';
import { controlPlaneName, poolName } from './object-names.ts';
import { overridden } from './overrides.ts';

/** Minimum number of control plane machines with which one machine can be replaced without losing etcd quorum. */
const REPAIRABLE = 3;

const CONTROL_PLANE_CHECK: Limits = {
  nodeStartupTimeoutSeconds: 1200,
  unhealthyAfterSeconds: 300,
  maxUnhealthy: '40%',
};

type Limits = Omit<HealthCheck, 'enabled'>;
type Labels = Readonly<Record<string, string>>;

/** Workers is the observed state of the workers of a cluster. */
export interface Workers {
  /** Current desired machines by name of the pool: the claim does not contain those of autoscaled pools. */
  readonly sizes: Readonly<Record<string, number>>;
  /** So many workers are unhealthy at the same time that the cause must be elsewhere. */
  readonly storm: boolean;
}

const UNSEEN: Workers = { sizes: {}, storm: false };

/** healthChecks returns the health checks of the pools, and of a control plane that can be remediated. */
export function healthChecks(input: ClusterInput, workers: Workers = UNSEEN): readonly Manifest[] {
  const { controlPlane, nodePools } = input.spec;
  return [
    ...(controlPlane.replicas < REPAIRABLE ? [] : [controlPlaneCheck(input)]),
    ...nodePools
      .filter((pool) => pool.healthCheck.enabled)
      .map((pool) => poolCheck(input, pool, workers)),
  ];
}

function controlPlaneCheck(input: ClusterInput): Manifest {
  const metadata = {
    name: controlPlaneName(input),
    namespace: input.namespace,
    labels: clusterLabels(input),
  };
  const spec = checkSpec(
    input,
    { [CONTROL_PLANE_LABEL]: '' },
    {
      ...CONTROL_PLANE_CHECK,
      limit: intOrPercent(CONTROL_PLANE_CHECK.maxUnhealthy),
    },
  );
  return overridden(input, { ...HEALTH_CHECK, metadata, spec });
}

function poolCheck(input: ClusterInput, pool: NodePool, workers: Workers): Manifest {
  const name = poolName(input, pool);
  const metadata = { name, namespace: input.namespace, labels: poolLabels(input, pool) };
  const selected = { [DEPLOYMENT_NAME_LABEL]: name };
  const spec = checkSpec(input, selected, { ...pool.healthCheck, limit: limitOf(pool, workers) });
  return overridden(input, { ...HEALTH_CHECK, metadata, spec }, pool);
}

function checkSpec(
  { name }: ClusterInput,
  selected: Labels,
  limits: Limits & { readonly limit: number | string },
): JsonObject {
  const { nodeStartupTimeoutSeconds, unhealthyAfterSeconds: timeoutSeconds, limit } = limits;
  return {
    clusterName: name,
    selector: { matchLabels: { [CLUSTER_NAME_LABEL]: name, ...selected } },
    checks: {
      nodeStartupTimeoutSeconds,
      unhealthyNodeConditions: [
        { type: 'Ready', status: 'False', timeoutSeconds },
        { type: 'Ready', status: 'Unknown', timeoutSeconds },
      ],
    },
    remediation: { triggerIf: { unhealthyLessThanOrEqualTo: limit } },
  };
}

/**
 * Cluster API rounds a percentage down (CAPI v1.14 getMaxUnhealthy), so with 40 % no machine of a pool of one
 * or two would be remediated. We allow one, unless many workers of the cluster are unhealthy at the same time:
 * within a small pool, an unhealthy machine looks the same as a broken network.
 */
function limitOf({ name, replicas, healthCheck }: NodePool, workers: Workers): number | string {
  const limit = intOrPercent(healthCheck.maxUnhealthy);
  const size = workers.sizes[name] ?? replicas;
  if (typeof limit === 'number' || size === undefined) return limit;
  const percent = Number(limit.slice(0, -1));
  const rounded = Math.floor((size * percent) / 100);
  if (percent === 0 || rounded > 0) return limit;
  return workers.storm ? 0 : 1;
}

function intOrPercent(text: string): number | string {
  return text.endsWith('%') ? text : Number(text);
}
