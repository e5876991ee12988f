import { stringify } from 'yaml';
import { CLUSTER_PROFILE, MANAGED_CLUSTER_CLAIM } from '../../../lib/apis/kinds.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { POOL } from '../demo/acts.ts';
import { CHARTS_URL } from './addresses.ts';
import { LOAD_BALANCER_IMAGE } from './images.ts';
import { podNetwork } from './pod-network.ts';
import { kubernetesVersion, nodeImage } from './prepared.ts';

/** RealClaim says which cluster is claimed. */
export interface RealClaim {
  readonly namespace: string;
  readonly name: string;
  readonly controlPlanes: 1 | 3;
  readonly workers: number;
  /** Path of the engine's socket on the machine. */
  readonly socket: string;
}

/** PROFILE is the profile of real clusters. */
const PROFILE = { name: 'kubeadm', version: '1.0.0' } as const;

/** WEB is where the page of the profile is served in a cluster. */
export const WEB = { namespace: 'web', name: 'web', greeting: 'hello from the platform' } as const;

/** realProfile is what real clusters install: the network of their Pods, and two charts. */
export function realProfile(): KubeObject {
  const layers = [
    {
      name: 'pod-network',
      type: 'cni',
      installPriority: 10,
      manifests: podNetwork()
        .map((object) => stringify(object))
        .join('---\n'),
    },
    chartLayer('defaults', 200, { memory: '128Mi' }),
    chartLayer('web', 300, { greeting: WEB.greeting }),
  ];
  return {
    ...CLUSTER_PROFILE,
    metadata: { name: PROFILE.name },
    spec: { versions: [{ version: PROFILE.version, layers }] },
  };
}

function chartLayer(
  chart: string,
  installPriority: number,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const { namespace } = WEB;
  const helm = { repository: CHARTS_URL, chart, version: '1.0.0', namespace, values };
  return { name: chart, type: 'addon', installPriority, helm };
}

/** A worker that is killed is to be replaced while somebody watches. */
const HEALTH_CHECK = { unhealthyAfterSeconds: 30 } as const;

/** realClaim claims a cluster whose machines are containers of the world's engine. */
export function realClaim({
  namespace,
  name,
  controlPlanes,
  workers,
  socket,
}: RealClaim): KubeObject {
  const machine = { image: nodeImage() };
  return {
    ...MANAGED_CLUSTER_CLAIM,
    metadata: { namespace, name },
    spec: {
      kubernetes: { version: kubernetesVersion() },
      cloud: {
        provider: 'docker',
        docker: {
          backend: 'docker',
          socket,
          loadBalancer: LOAD_BALANCER_IMAGE,
          // On two busy cores kubeadm may take longer than the provider's own three minutes.
          bootstrapTimeout: '10m',
        },
      },
      controlPlane: { replicas: controlPlanes, machine },
      nodePools: [{ name: POOL, replicas: workers, machine, healthCheck: HEALTH_CHECK }],
      profiles: [PROFILE],
    },
  };
}
