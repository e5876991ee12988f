import { AGENT_NAME, AGENT_NAMESPACE, LAYERS_NAME } from '../../../lib/apis/agent.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { agentRules, agentNamespaceRules } from './agent-rules.ts';
import { mirroredImage } from './image-mirror.ts';
import type { Fields } from './json.ts';
import { PREFER_CONTROL_PLANE, YOUNG_NODE } from './placement.ts';

/** AgentImage is the image of the agent and the registry mirror to pull it from. */
export interface AgentImage {
  readonly image: string;
  readonly mirror?: string | undefined;
}

/** The agent uses the host network, so no other process on the node may use these ports; it serves metrics on 127.0.0.1 only. */
export const AGENT_PORTS = { health: 9461, metrics: 9460 } as const;

const RBAC = 'rbac.authorization.k8s.io';
const COMPONENT = { 'app.kubernetes.io/name': AGENT_NAME };

/**
 * agentNamespace returns the namespace of the agent. It is privileged because the agent uses the host
 * network.
 */
export function agentNamespace(): KubeObject {
  const labels = Object.fromEntries(
    ['enforce', 'audit', 'warn'].map((mode) => [
      `pod-security.kubernetes.io/${mode}`,
      'privileged',
    ]),
  );
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: AGENT_NAMESPACE, labels } };
}

/**
 * agentObjects returns the objects of the agent in the workload cluster: its identity, its RBAC rules and
 * its Deployment.
 */
export function agentObjects(cluster: string, image: AgentImage): readonly KubeObject[] {
  const named = { name: AGENT_NAME, labels: COMPONENT };
  const here = { ...named, namespace: AGENT_NAMESPACE };
  const subjects = [{ kind: 'ServiceAccount', name: AGENT_NAME, namespace: AGENT_NAMESPACE }];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: here },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: named,
      rules: agentRules(cluster),
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: named,
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: AGENT_NAME },
      subjects,
    },
    { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: here, rules: agentNamespaceRules() },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: here,
      roleRef: { apiGroup: RBAC, kind: 'Role', name: AGENT_NAME },
      subjects,
    },
    ...layersIdentity(),
    deployment(here, image),
  ];
}

/**
 * Charts create ClusterRoles, which requires all permissions. A separate identity distinguishes layer
 * writes from those of the agent in audit logs.
 */
function layersIdentity(): readonly KubeObject[] {
  const metadata = { name: LAYERS_NAME, labels: COMPONENT };
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { ...metadata, namespace: AGENT_NAMESPACE },
      automountServiceAccountToken: false,
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: LAYERS_NAME, namespace: AGENT_NAMESPACE }],
    },
  ];
}

function deployment(metadata: KubeObject['metadata'], { image, mirror }: AgentImage): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 1,
      selector: { matchLabels: COMPONENT },
      // Only the Lease holder is active. On a single node, a new Pod cannot bind the host ports while the
      // old one runs.
      strategy: { type: 'Recreate' },
      template: { metadata: { labels: COMPONENT }, spec: podSpec(mirroredImage(image, mirror)) },
    },
  };
}

/**
 * The agent uses the resolver of the node, because cluster DNS does not exist before the CNI is installed.
 */
function podSpec(image: string): Fields {
  return {
    serviceAccountName: AGENT_NAME,
    hostNetwork: true,
    dnsPolicy: 'Default',
    priorityClassName: 'system-cluster-critical',
    tolerations: YOUNG_NODE,
    affinity: { nodeAffinity: PREFER_CONTROL_PLANE },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container(image)],
    volumes: [
      { name: 'tmp', emptyDir: {} },
      { name: 'cache', emptyDir: {} },
    ],
  };
}

function container(image: string): Fields {
  return {
    name: 'agent',
    image,
    imagePullPolicy: 'IfNotPresent',
    env: [
      { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      { name: 'HOME', value: '/cache' },
    ],
    ports: Object.entries(AGENT_PORTS).map(([name, port]) => ({
      name,
      containerPort: port,
      hostPort: port,
      protocol: 'TCP',
    })),
    livenessProbe: probe('/healthz', { initialDelaySeconds: 15, failureThreshold: 6 }),
    readinessProbe: probe('/readyz', { periodSeconds: 5 }),
    resources: {
      requests: { cpu: '50m', memory: '128Mi' },
      limits: { memory: '512Mi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'cache', mountPath: '/cache' },
    ],
  };
}

function probe(path: string, pacing: Fields): Fields {
  return { httpGet: { path, port: AGENT_PORTS.health }, ...pacing };
}
