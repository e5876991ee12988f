import { stringify } from 'yaml';
import { CLUSTER_PROFILE, MANAGED_CLUSTER_CLAIM } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { POOL } from '../demo/acts.ts';
import { CHARTS_URL } from './addresses.ts';
import { LOAD_BALANCER_IMAGE } from './images.ts';
import { podNetwork } from './pod-network.ts';
import { kubernetesVersion, nodeImage } from './prepared.ts';

/** RealClaim is the input of a claim for real nodes. */
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

/** ChartRelease is a chart with its values. */
export interface ChartRelease {
  readonly chart: string;
  readonly version: string;
  readonly values: Readonly<Record<string, string>>;
}

/** CHART_RELEASES are those of the profile, in order; all in the namespace of {@link WEB}. */
export const CHART_RELEASES: readonly ChartRelease[] = [
  { chart: 'defaults', version: '1.0.0', values: { memory: '128Mi' } },
  { chart: 'web', version: '1.0.0', values: { greeting: WEB.greeting } },
];

/** realProfile is the profile of real clusters: the Pod network, and two charts. */
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
    ...CHART_RELEASES.map(chartLayer),
  ];
  return {
    ...CLUSTER_PROFILE,
    metadata: { name: PROFILE.name },
    spec: { versions: [{ version: PROFILE.version, layers }] },
  };
}

function chartLayer(
  { chart, version, values }: ChartRelease,
  index: number,
): Readonly<Record<string, unknown>> {
  const { namespace } = WEB;
  const helm = { repository: CHARTS_URL, plainHTTP: true, chart, version, namespace, values };
  return { name: chart, type: 'addon', installPriority: 200 + 100 * index, helm };
}

/** A killed worker must be replaced within the time of a demo. */
const HEALTH_CHECK = { unhealthyAfterSeconds: 30 } as const;

/** realClaim is a claim for a cluster whose machines are containers in the engine of the world. */
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
          // On two busy cores kubeadm may take longer than the provider's default of three minutes.
          bootstrapTimeout: '10m',
        },
      },
      controlPlane: { replicas: controlPlanes, machine },
      nodePools: [{ name: POOL, replicas: workers, machine, healthCheck: HEALTH_CHECK }],
      profiles: [PROFILE],
    },
  };
}
