import type { KubeObject } from '../../lib/core/object.ts';
import { POD_NETWORK_IMAGE } from './images.ts';

const NAMED = { name: 'pod-network', namespace: 'kube-system' } as const;

/** podNetwork is the CNI of the world's clusters: a daemon that each node runs (binaries/nodes/pod-network). */
export function podNetwork(): readonly KubeObject[] {
  const rbac = 'rbac.authorization.k8s.io';
  const { name } = NAMED;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: NAMED },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name },
      rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list'] }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', ...NAMED }],
    },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: NAMED,
      spec: {
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: podSpec(name) },
      },
    },
  ];
}

function podSpec(name: string): Record<string, unknown> {
  return {
    hostNetwork: true,
    priorityClassName: 'system-node-critical',
    serviceAccountName: name,
    // Runs on every node, even if it is cordoned or not ready.
    tolerations: [{ operator: 'Exists' }],
    containers: [
      {
        name,
        image: POD_NETWORK_IMAGE,
        imagePullPolicy: 'IfNotPresent',
        env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
        securityContext: { capabilities: { add: ['NET_ADMIN'] } },
        volumeMounts: [{ name: 'cni', mountPath: '/host/etc/cni/net.d' }],
      },
    ],
    volumes: [{ name: 'cni', hostPath: { path: '/etc/cni/net.d', type: 'DirectoryOrCreate' } }],
  };
}
