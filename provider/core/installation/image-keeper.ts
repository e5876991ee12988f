import { AGENT_NAMESPACE } from '../../../lib/apis/agent.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { type Fields, listIn, podSpecOf, textIn } from './json.ts';
import { CONTROL_PLANE_ROLE, TOLERATE_CONTROL_PLANE } from './placement.ts';

/** IMAGE_KEEPER is the DaemonSet that keeps the images of agent and providers on control plane nodes. */
export const IMAGE_KEEPER = 'managed-cluster-images';

const LABELS = { 'app.kubernetes.io/name': IMAGE_KEEPER };

/** Runs idle until SIGTERM; the image of the agent contains Node but no shell. */
const IDLE = "process.on('SIGTERM', () => process.exit()); setInterval(() => {}, 2 ** 30)";

/**
 * imageKeeper returns a DaemonSet that makes every control plane node pull the images of the agent and the
 * providers, so that their Pods can move to another node while no registry is reachable. The image of a
 * provider is pulled for a container that runs its binary with `--help`, which exits with 0 (Go, `flag` and
 * `pflag`). `agent` and `providers` are the Deployments as they exist in the workload cluster.
 */
export function imageKeeper(agent: KubeObject, providers: readonly KubeObject[]): KubeObject {
  const own = imageOf(listIn(podSpecOf(agent), 'containers')[0]);
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: IMAGE_KEEPER, namespace: AGENT_NAMESPACE, labels: LABELS },
    spec: {
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          automountServiceAccountToken: false,
          priorityClassName: 'system-cluster-critical',
          nodeSelector: { [CONTROL_PLANE_ROLE]: '' },
          tolerations: [TOLERATE_CONTROL_PLANE],
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            runAsGroup: 65532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          initContainers: distinct(providers).map(askedForHelp),
          containers: [
            { name: 'agent', command: ['/usr/bin/node', '--eval', IDLE], ...container(own) },
          ],
        },
      },
    },
  };
}

/** One container per image; the command is taken from the first Deployment that uses the image. */
function distinct(deployments: readonly KubeObject[]): readonly Fields[] {
  const containers = deployments.flatMap((deployment) =>
    listIn(podSpecOf(deployment), 'containers'),
  );
  const byImage = new Map(containers.toReversed().map((one) => [imageOf(one), one]));
  return [...byImage.entries()].toSorted(([a], [b]) => a.localeCompare(b)).map(([, one]) => one);
}

function askedForHelp(provider: Fields, index: number): Fields {
  const { command } = provider;
  return {
    name: `provider-${index}`,
    args: ['--help'],
    ...(command === undefined ? {} : { command }),
    ...container(imageOf(provider)),
  };
}

function container(image: string): Fields {
  return {
    image,
    imagePullPolicy: 'IfNotPresent',
    resources: { requests: { cpu: '1m', memory: '48Mi' }, limits: { memory: '128Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}

function imageOf(found: unknown): string {
  return textIn(found, 'image') ?? '';
}
