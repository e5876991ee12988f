import { agentIdentity, AGENTS_NAMESPACE, identityRefs } from '../../lib/apis/agent.ts';
import {
  AGENT_INSTALLATION,
  CLUSTER_PLAN,
  MANAGED_CLUSTER_CLAIM,
  NAMESPACED_MANAGED_CLUSTER,
  X_MANAGED_CLUSTER,
} from '../../lib/apis/kinds.ts';
import {
  CLUSTER_LABEL,
  CLUSTER_NAMESPACE_LABEL,
  COMPOSITE_UID_ANNOTATION,
} from '../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';

const NAMED = { namespace: 'team-a', name: 'demo' };

/** CLUSTER is the cluster of all scenes, made for the composite of its claim. */
export const CLUSTER = { ...NAMED, composite: 'uid-composite' };

/** IDENTITY is the identity of its agent. */
export const IDENTITY: readonly KubeObject[] = identityOf('before');

/** AGENT is the name of every object of it. */
export const AGENT = agentIdentity(CLUSTER);

/** account is a ServiceAccount with the name of that of the agent. */
export function account(annotations: Readonly<Record<string, string>>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { namespace: AGENTS_NAMESPACE, name: AGENT, uid: 'uid-account', annotations },
  };
}

const CLOUD = {
  provider: 'aws',
  identityRef: { kind: 'AWSClusterStaticIdentity', name: 'prod' },
};
const OWNED = [{ ...X_MANAGED_CLUSTER, name: 'demo-x', uid: CLUSTER.composite, controller: true }];

/** claim is what a user wrote. */
export function claim(revoked: boolean, metadata: KubeObject['metadata'] = {}): KubeObject {
  return {
    ...MANAGED_CLUSTER_CLAIM,
    metadata: { ...NAMED, uid: 'uid-claim', ...metadata },
    spec: {
      deletionPolicy: 'Delete',
      agent: { tokenDays: 30, revoked },
      cloud: CLOUD,
      profiles: [
        { name: 'base', variables: [{ name: 'a', secretKeyRef: { name: 'of-claim', key: 'a' } }] },
      ],
      resourceRef: { name: 'demo-x' },
    },
  };
}

/** composite is behind the claim. */
export function composite(revoked: boolean, metadata: KubeObject['metadata'] = {}): KubeObject {
  return {
    ...X_MANAGED_CLUSTER,
    metadata: { name: 'demo-x', uid: CLUSTER.composite, ...metadata },
    spec: { agent: { revoked } },
  };
}

/** namespaced is a namespaced composite, which has no claim. */
export function namespaced(revoked: boolean, uid = CLUSTER.composite): KubeObject {
  return {
    ...NAMESPACED_MANAGED_CLUSTER,
    metadata: { ...NAMED, uid },
    spec: { agent: { revoked } },
  };
}

/** installation is the AgentInstallation that Crossplane composed. */
export function installation(revoked: boolean, metadata: KubeObject['metadata'] = {}): KubeObject {
  return {
    ...AGENT_INSTALLATION,
    metadata: {
      ...NAMED,
      uid: 'uid-installation',
      generation: 1,
      labels: { 'crossplane.io/composite': 'demo-x' },
      ownerReferences: OWNED,
      ...metadata,
    },
    spec: { clusterName: NAMED.name, cloud: CLOUD, ...(revoked ? { revoked } : {}) },
    status: reported(!revoked, 1),
  };
}

/** PLAN reads a Secret. */
export const PLAN: KubeObject = {
  ...CLUSTER_PLAN,
  metadata: { ...NAMED, uid: 'uid-plan', ownerReferences: OWNED },
  spec: {
    layers: [
      {
        name: 'net',
        secretVariables: [{ name: 'a', secretKeyRef: { name: 'of-plan', key: 'a' } }],
      },
    ],
  },
};

/** CLOUD_IDENTITY is the identity of the cluster at its cloud, whose Secret is in the namespace of CAPA. */
export const CLOUD_IDENTITY: KubeObject = {
  apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
  kind: 'AWSClusterStaticIdentity',
  metadata: { name: 'prod', uid: 'uid-prod' },
  spec: { secretRef: 'prod-keys' },
};

/** running are the objects of a cluster whose agent is connected. */
export function running(): readonly KubeObject[] {
  const head = withConnection(claim(false), 'True');
  return [head, composite(false), installation(false), PLAN, CLOUD_IDENTITY, ...IDENTITY];
}

/** cutOff are the objects of a cluster that is cut off; `metadata` is that of its AgentInstallation. */
export function cutOff(metadata: KubeObject['metadata'] = {}): readonly KubeObject[] {
  const head = withConnection(claim(true), 'False');
  return [head, composite(true), installation(true, metadata), PLAN, CLOUD_IDENTITY];
}

/** identityOf are the objects of an identity; the Lease has a time once the agent has renewed it. */
export function identityOf(time?: string): readonly KubeObject[] {
  return identityRefs(CLUSTER).map(({ apiVersion, kind, namespace, name }) => ({
    apiVersion,
    kind,
    metadata: {
      namespace,
      name,
      uid: `uid-${kind}-${namespace}`,
      labels: { [CLUSTER_LABEL]: NAMED.name, [CLUSTER_NAMESPACE_LABEL]: NAMED.namespace },
      annotations: { [COMPOSITE_UID_ANNOTATION]: CLUSTER.composite },
    },
    ...(kind === 'Lease' && time !== undefined ? { spec: { renewTime: time } } : {}),
  }));
}

/** withConnection is a claim or composite that says whether its agent is connected. */
export function withConnection(head: KubeObject, status: 'True' | 'False'): KubeObject {
  const reason = status === 'True' ? 'HeartbeatReceived' : 'AgentRevoked';
  return { ...head, status: { conditions: [{ type: 'AgentConnected', status, reason }] } };
}

/** reported is the status that the provider writes on an AgentInstallation of a generation. */
export function reported(ready: boolean, generation: number | undefined): object {
  const reason = ready ? 'Available' : 'AgentRevoked';
  return {
    conditions: [
      { type: 'Ready', status: ready ? 'True' : 'False', reason, observedGeneration: generation },
    ],
    parts: [{ name: 'Identity', ready, ...(ready ? {} : { reason }) }],
  };
}

/** revokedIn is what a claim or composite asks for. */
export function revokedIn(object: KubeObject | undefined): boolean {
  return recordIn(recordIn(object, 'spec'), 'agent')?.['revoked'] === true;
}
