import type { KubeApi } from '../../lib/kube/api.ts';
import type { ClusterNames } from './cluster-names.ts';
import type { NodeConfig } from './config.ts';
import type { PodNetworks } from './network.ts';

/** NodeContext is what all Pods of the double share. */
export interface NodeContext {
  readonly config: NodeConfig;
  readonly api: KubeApi;
  readonly networks: PodNetworks;
  readonly names: ClusterNames;
  /** `/proc/self/uid_map`: which users containers can run as. */
  readonly uidMap: string;
  /** Capacity of the Node, as quantities. */
  readonly capacity: Readonly<Record<string, string>>;
  readonly log: (text: string, error?: unknown) => void;
}
