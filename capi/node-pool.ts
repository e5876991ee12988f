import type { JsonObject } from '../lib/core/object.ts';
import type { NodePool } from '../lib/apis/managed-cluster.generated.ts';
import type { ClusterInput } from './cloud.ts';
import type { Manifest } from './manifest.ts';
import { BOOTSTRAP_TEMPLATE, MACHINE_DEPLOYMENT, referenceTo } from './kinds.ts';
import { workerKubeadm } from './kubeadm.ts';
import { CLUSTER_NAME_LABEL, DEPLOYMENT_NAME_LABEL, poolLabels } from './labels.ts';
import { machineLabels } from './node-labels.ts';
import { poolName } from './object-names.ts';
import { overridden } from './overrides.ts';
import { machineTemplate, template, type Template } from './template.ts';

const AUTOSCALER = 'cluster.x-k8s.io/cluster-api-autoscaler-node-group';

/** nodePool returns the machine template, the bootstrap template and the MachineDeployment of a node pool. */
export function nodePool(input: ClusterInput, pool: NodePool): readonly Manifest[] {
  const role = { kind: 'Worker', pool } as const;
  const machines = machineTemplate(input, role);
  const bootstrap = template(input, BOOTSTRAP_TEMPLATE, role, workerKubeadm(input, pool));
  return [machines, bootstrap, machineDeployment(input, pool, { machines, bootstrap })];
}

interface Templates {
  readonly machines: Template;
  readonly bootstrap: Template;
}

function machineDeployment(input: ClusterInput, pool: NodePool, templates: Templates): Manifest {
  const name = poolName(input, pool);
  const { replicas } = pool;
  const selected = { [CLUSTER_NAME_LABEL]: input.name, [DEPLOYMENT_NAME_LABEL]: name };
  return overridden(
    input,
    {
      ...MACHINE_DEPLOYMENT,
      metadata: {
        name,
        namespace: input.namespace,
        labels: poolLabels(input, pool),
        ...autoscaling(pool),
      },
      spec: {
        clusterName: input.name,
        // The autoscaler owns the replicas of an autoscaled pool; applying replicas would take the field back.
        ...(pool.autoscaling !== undefined || replicas === undefined ? {} : { replicas }),
        selector: { matchLabels: selected },
        rollout: { strategy: strategy(pool) },
        template: {
          metadata: { labels: { ...machineLabels(pool), ...selected } },
          spec: machineSpec(input, pool, templates),
        },
      },
    },
    pool,
  );
}

function machineSpec(
  input: ClusterInput,
  { failureDomain }: NodePool,
  { machines, bootstrap }: Templates,
): JsonObject {
  return {
    clusterName: input.name,
    version: input.spec.kubernetes.version,
    ...(failureDomain === undefined ? {} : { failureDomain }),
    bootstrap: { configRef: referenceTo(bootstrap, bootstrap.metadata.name) },
    infrastructureRef: referenceTo(machines, machines.metadata.name),
  };
}

function strategy({ strategy: { type, maxSurge, maxUnavailable } }: NodePool): JsonObject {
  return type === 'OnDelete' ? { type } : { type, rollingUpdate: { maxSurge, maxUnavailable } };
}

function autoscaling({ autoscaling: bounds }: NodePool): Pick<Manifest['metadata'], 'annotations'> {
  if (bounds === undefined) return {};
  return {
    annotations: {
      [`${AUTOSCALER}-min-size`]: String(bounds.min),
      [`${AUTOSCALER}-max-size`]: String(bounds.max),
    },
  };
}
