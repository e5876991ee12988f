import { setMaxListeners } from 'node:events';
import type { KubeObject } from '../../../lib/core/object.ts';
import type { KubeApi, TypeRef } from '../../../lib/kube/api.ts';
import {
  AGENT_INSTALLATION,
  CLUSTER_PLAN,
  MANAGED_CLUSTER,
  MANAGED_CLUSTER_CLAIM,
  PIVOT,
} from '../../../lib/apis/kinds.ts';
import { appeared, changes, type Line } from './timeline.ts';

const INFRASTRUCTURE = 'infrastructure.cluster.x-k8s.io/v1beta2';
const CORE = 'cluster.x-k8s.io/v1beta2';

/** What is shown when it appears; all carry the label with the name of their cluster or its name. */
const OBJECTS: readonly TypeRef[] = [
  { apiVersion: CORE, kind: 'Cluster' },
  { apiVersion: INFRASTRUCTURE, kind: 'DevCluster' },
  { apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2', kind: 'KubeadmControlPlane' },
  { apiVersion: INFRASTRUCTURE, kind: 'DevMachineTemplate' },
  { apiVersion: CORE, kind: 'Machine' },
  { apiVersion: INFRASTRUCTURE, kind: 'DevMachine' },
  CLUSTER_PLAN,
  AGENT_INSTALLATION,
  PIVOT,
];

/** Followed are the latest states of all ManagedClusters, by name. */
export type Followed = ReadonlyMap<string, KubeObject>;

/**
 * follow watches ManagedClusters of both kinds and what grows out of them, and tells each change as
 * it comes. The watches end with the signal.
 */
export function follow(
  api: KubeApi,
  tell: (line: Line) => void,
  signal: AbortSignal,
): { readonly clusters: Followed; readonly ended: Promise<unknown> } {
  const clusters = new Map<string, KubeObject>();
  const told = new Set<string>();
  setMaxListeners(0, signal);
  // Crossplane writes the status of a composite in two steps, in between an old condition may show.
  function tellOnce(line: Line): void {
    const key = `${line.cluster} ${line.text}`;
    if (!told.has(key)) tell(line);
    told.add(key);
  }
  const heads = [MANAGED_CLUSTER_CLAIM, MANAGED_CLUSTER].map((type) =>
    api.watch(
      type,
      ({ type: change, object }) => {
        if (change === 'SYNCED' || change === 'DELETED') return;
        const name = object.metadata.name ?? '';
        for (const line of changes(clusters.get(name), object)) tellOnce(line);
        clusters.set(name, object);
      },
      { signal },
    ),
  );
  const parts = OBJECTS.map((type) =>
    api.watch(
      type,
      ({ type: change, object }) => {
        if (change === 'ADDED') tell(appeared(clusterOf(object), object));
      },
      { signal },
    ),
  );
  return { clusters, ended: Promise.all([...heads, ...parts]) };
}

function clusterOf({ metadata }: KubeObject): string {
  return metadata.labels?.['cluster.x-k8s.io/cluster-name'] ?? metadata.name ?? '';
}
