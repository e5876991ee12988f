import type { Addresses, Container, Pod, PodSpec } from './pod.ts';

/** A container for tests. */
export function sampleContainer(fields: Partial<Container> = {}): Container {
  return { name: 'main', image: 'img:v1', ...fields };
}

/** A Pod for tests, of one container unless the fields say otherwise. */
export function samplePod(fields: Partial<PodSpec> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web-1',
      namespace: 'shop',
      uid: 'u-1',
      labels: { app: 'web', tier: 'front "end"' },
    },
    spec: { containers: [sampleContainer()], serviceAccountName: 'web', ...fields },
  };
}

/** What the Node gives the Pod of tests. */
export const SAMPLE_ADDRESSES: Addresses = {
  podIP: '10.99.1.10',
  hostIP: '10.99.1.1',
  nodeName: 'node-m',
};
