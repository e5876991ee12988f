import { type KubeconfigSecret, kubeconfigSecretOf } from '../../capi/object-names.ts';
import type { PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN, PIVOT } from '../../lib/apis/kinds.ts';
import type { ManagedClusterSpec } from '../../lib/apis/managed-cluster.generated.ts';
import { HOLD_LABEL } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { Target } from './observed.ts';

/** Fields of a composite's spec that belong to Crossplane and are not passed to the agent. */
const MACHINERY = [
  'claimRef',
  'compositeDeletePolicy',
  'compositionRef',
  'compositionRevisionRef',
  'compositionRevisionSelector',
  'compositionSelector',
  'compositionUpdatePolicy',
  'crossplane',
  'publishConnectionDetailsTo',
  'resourceRef',
  'resourceRefs',
  'writeConnectionSecretToRef',
];

/** neutralSpec returns the spec without Crossplane's fields. */
function neutralSpec(spec: ManagedClusterSpec): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(spec).filter(([field]) => !MACHINERY.includes(field)));
}

/**
 * clusterPlan returns everything that the agent needs. SSH keys are resolved, so that the plan is
 * self-contained; profiles are omitted, because the plan contains the complete layers, and adoptFrom, because the agent
 * must not see a difference to the plan that the cluster has.
 */
export function clusterPlan(
  target: Target,
  spec: ManagedClusterSpec,
  resolved: {
    readonly layers: readonly PlanLayer[];
    readonly epoch: number;
    readonly authorizedKeys: readonly string[];
    readonly handedOver: boolean;
  },
): KubeObject {
  const { profiles: _profiles, ssh: _ssh, adoptFrom: _from, ...cluster } = neutralSpec(spec);
  const { layers, epoch, authorizedKeys, handedOver } = resolved;
  const ssh = authorizedKeys.length === 0 ? {} : { ssh: { user: spec.ssh?.user, authorizedKeys } };
  return {
    ...CLUSTER_PLAN,
    metadata: metadata(target),
    spec: {
      epoch,
      clusterName: target.name,
      ...(handedOver ? { handedOver } : {}),
      cluster: { ...cluster, ...ssh },
      layers,
    },
  };
}

/** agentInstallation asks the provider to install the agent and the Cluster API providers in the cluster. */
export function agentInstallation(target: Target, spec: ManagedClusterSpec): KubeObject {
  const { provider, identityRef, workloadIdentityRef } = spec.cloud;
  const { tokenDays, pauseUpgrades, revoked, imageMirror } = spec.agent;
  return {
    ...AGENT_INSTALLATION,
    metadata: metadata(target),
    spec: {
      clusterName: target.name,
      kubeconfigSecretRef: reachedBy(target, spec),
      cloud: {
        provider,
        ...(identityRef === undefined ? {} : { identityRef }),
        ...(workloadIdentityRef === undefined ? {} : { workloadIdentityRef }),
      },
      tokenDays,
      pauseUpgrades,
      ...(revoked === true ? { revoked } : {}),
      ...(imageMirror === undefined ? {} : { imageMirror }),
    },
  };
}

/** pivot asks the provider to move the Cluster API objects into the cluster, or to adopt a cluster. */
export function pivot(target: Target, spec: ManagedClusterSpec): KubeObject {
  return {
    ...PIVOT,
    metadata: metadata(target),
    spec: {
      clusterName: target.name,
      kubeconfigSecretRef: reachedBy(target, spec),
      direction: 'ToWorkload',
      provider: spec.cloud.provider,
      ...(spec.adoptFrom === undefined ? {} : { adoptFrom: spec.adoptFrom }),
    },
  };
}

/** The claim can reference another kubeconfig than the one that Cluster API creates. */
function reachedBy(target: Target, { agent }: ManagedClusterSpec): KubeconfigSecret {
  const { name, key } = agent.kubeconfigSecretRef ?? kubeconfigSecretOf(target.name);
  return { name, key };
}

function metadata({ name, namespace }: Target): KubeObject['metadata'] {
  return { name, namespace, labels: { [HOLD_LABEL]: '' } };
}
