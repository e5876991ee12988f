import type { InfrastructureKind } from '../../../capi/cloud.ts';
import { infrastructureKindNamed } from '../../../capi/clouds/index.ts';
import { groupOf, type KubeObject } from '../../../lib/core/object.ts';
import { isClusterApiGroup } from '../pivot/identity.ts';

/** KindRule says how an object of a kind may come back from a cluster. */
export type KindRule = InfrastructureKind;

const INFRASTRUCTURE = 'infrastructure.cluster.x-k8s.io';
const TEMPLATE_DOMAIN = 'spec.template.spec.failureDomain';

/** Objects of these kinds exist only if they were handed over, and nothing in them decides anything outside. */
const HANDED_OVER: KindRule = { ownedBy: [], pinned: [] };

/** The kinds of Cluster API v1.14 that can belong to one cluster; `spec` pins everything. */
const CLUSTER_API: Readonly<Record<string, KindRule>> = {
  'cluster.x-k8s.io/Cluster': {
    ownedBy: [],
    pinned: [
      'spec.controlPlaneEndpoint',
      'spec.infrastructureRef',
      'spec.controlPlaneRef',
      'spec.clusterNetwork',
      'spec.topology',
      'status.failureDomains',
    ],
  },
  'cluster.x-k8s.io/MachineDeployment': { ownedBy: ['Cluster'], pinned: [TEMPLATE_DOMAIN] },
  'cluster.x-k8s.io/MachineSet': { ownedBy: ['MachineDeployment'], pinned: [TEMPLATE_DOMAIN] },
  'cluster.x-k8s.io/Machine': {
    ownedBy: ['MachineSet', 'KubeadmControlPlane'],
    pinned: ['spec.failureDomain', 'spec.clusterName', 'spec.infrastructureRef', 'spec.bootstrap'],
    identity: ['spec.providerID'],
  },
  'cluster.x-k8s.io/MachineHealthCheck': { ownedBy: ['Cluster'], pinned: [] },
  'cluster.x-k8s.io/MachinePool': { ownedBy: [], pinned: ['spec.template', 'spec.providerIDList'] },
  'bootstrap.cluster.x-k8s.io/KubeadmConfig': { ownedBy: ['Machine'], pinned: [] },
  'bootstrap.cluster.x-k8s.io/KubeadmConfigTemplate': { ownedBy: ['Cluster'], pinned: [] },
  'controlplane.cluster.x-k8s.io/KubeadmControlPlane': HANDED_OVER,
  // They select clusters by label: with another spec they would reach the clusters of others.
  'addons.cluster.x-k8s.io/ClusterResourceSet': { ownedBy: [], pinned: ['spec'] },
  'addons.cluster.x-k8s.io/ClusterResourceSetBinding': { ownedBy: [], pinned: ['spec'] },
  'ipam.cluster.x-k8s.io/IPAddressClaim': { ownedBy: ['VSphereVM'], pinned: [] },
  'ipam.cluster.x-k8s.io/IPAddress': { ownedBy: ['IPAddressClaim'], pinned: [] },
};

/** Kinds of the core group; `secrets.ts` says which Secrets. */
const CORE: Readonly<Record<string, KindRule>> = {
  '/Secret': { ownedBy: ['KubeadmConfig'], pinned: [] },
  '/ConfigMap': HANDED_OVER,
};

/** A kind of a provider that this version does not know comes back as it was handed over. */
const UNKNOWN_PROVIDER: KindRule = { ownedBy: [], pinned: ['spec'] };

/**
 * ruleOf returns the rule for a kind; undefined if no object of this kind ever comes back: kinds outside
 * Cluster API and its infrastructure providers, such as Roles, admission policies and CRDs. `recorded` are the
 * kinds that were handed over, as `<group>/<kind>`.
 */
export function ruleOf(typeKey: string, recorded: ReadonlySet<string>): KindRule | undefined {
  const known = CLUSTER_API[typeKey] ?? CORE[typeKey];
  if (known !== undefined) return known;
  const [group = '', kind = ''] = typeKey.split('/');
  const own = group === INFRASTRUCTURE ? infrastructureKindNamed(kind) : undefined;
  return own ?? (isClusterApiGroup(group) && recorded.has(typeKey) ? UNKNOWN_PROVIDER : undefined);
}

/** typeKeyOf returns `<group>/<kind>` of an object. */
export function typeKeyOf({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

/** isMachine reports whether an object stands for a machine in the cloud: a Machine or its infrastructure. */
export function isMachine(object: KubeObject): boolean {
  const typeKey = typeKeyOf(object);
  if (typeKey === 'cluster.x-k8s.io/Machine') return true;
  const [group, kind = ''] = typeKey.split('/');
  return group === INFRASTRUCTURE && infrastructureKindNamed(kind)?.identity !== undefined;
}

/** isTemplate reports whether an object is a template, which nothing owns until a controller has used it. */
export function isTemplate({ kind }: KubeObject): boolean {
  return kind.endsWith('Template');
}

/**
 * familyOf returns the kind whose fields a kind shares: templates become machines, which become virtual machines, and
 * CAPV gives those the server of their cluster.
 */
export function familyOf(kind: string): string {
  return kind.replace(/Template$/, '').replace(/^VSphere(VM|Cluster)$/, 'VSphereMachine');
}
