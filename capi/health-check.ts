import type { JsonObject } from '../lib/core/object.ts';
import type { HealthCheck, NodePool } from '../lib/apis/managed-cluster.generated.ts';
import type { ClusterInput } from './cloud.ts';
import type { Draft } from './draft.ts';
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

/** Fewest control plane machines of which one can be replaced without losing etcd. */
const REPAIRABLE = 3;

const CONTROL_PLANE_CHECK: Limits = {
  nodeStartupTimeoutSeconds: 1200,
  unhealthyAfterSeconds: 300,
  maxUnhealthy: '40%',
};

type Limits = Omit<HealthCheck, 'enabled'>;
type Labels = Readonly<Record<string, string>>;

/** healthChecks are the health checks of the pools, and of a control plane that can be repaired. */
export function healthChecks(input: ClusterInput): readonly Draft[] {
  const { controlPlane, nodePools } = input.spec;
  return [
    ...(controlPlane.replicas < REPAIRABLE ? [] : [controlPlaneCheck(input)]),
    ...nodePools.filter((pool) => pool.healthCheck.enabled).map((pool) => poolCheck(input, pool)),
  ];
}

function controlPlaneCheck(input: ClusterInput): Draft {
  const metadata = {
    name: controlPlaneName(input),
    namespace: input.namespace,
    labels: clusterLabels(input),
  };
  const spec = checkSpec(input, { [CONTROL_PLANE_LABEL]: '' }, CONTROL_PLANE_CHECK);
  return overridden(input, { ...HEALTH_CHECK, metadata, spec });
}

function poolCheck(input: ClusterInput, pool: NodePool): Draft {
  const name = poolName(input, pool);
  const metadata = { name, namespace: input.namespace, labels: poolLabels(input, pool) };
  const spec = checkSpec(input, { [DEPLOYMENT_NAME_LABEL]: name }, pool.healthCheck);
  return overridden(input, { ...HEALTH_CHECK, metadata, spec }, pool);
}

function checkSpec({ name }: ClusterInput, selected: Labels, limits: Limits): JsonObject {
  const { nodeStartupTimeoutSeconds, unhealthyAfterSeconds: timeoutSeconds, maxUnhealthy } = limits;
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
    remediation: { triggerIf: { unhealthyLessThanOrEqualTo: intOrPercent(maxUnhealthy) } },
  };
}

function intOrPercent(text: string): number | string {
  return text.endsWith('%') ? text : Number(text);
}
