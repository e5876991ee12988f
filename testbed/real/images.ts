import type { BinaryName } from '@managed-cluster/toolchain';

/** ScratchImage is an image that holds files of the world's cache and nothing else. */
export interface ScratchImage {
  /** Full name with its tag. */
  readonly name: string;
  /** Binary by its path in the image. */
  readonly binaries: Readonly<Record<string, BinaryName>>;
  readonly entrypoint: readonly string[];
}

/** Our own image names, which no release has. */
const OWN = 'registry.example.com';

/**
 * WORLD_LABEL marks the objects of a world in a shared engine: its images, all containers from these images,
 * and the network. On an image its value is the key of its ingredients.
 */
export const WORLD_LABEL = 'managedcluster.io/real-nodes';

/**
 * builtAs is the name in the engine of an image that is only needed to build others. The engine may have an
 * image of another user with the original name.
 */
export function builtAs(name: string): string {
  return `${OWN}/built/${name}`;
}

/** POD_NETWORK_IMAGE is the CNI daemon. */
export const POD_NETWORK_IMAGE = `${OWN}/pod-network:v1`;

/** WEB_IMAGE serves the page of the demo. */
export const WEB_IMAGE = `${OWN}/web:v1`;

/** REGISTRY_IMAGE runs in the engine, next to the nodes. */
export const REGISTRY_IMAGE = `${OWN}/registry:v3`;

/** NODE_IMAGE is the image of machines without its tag, which is the Kubernetes version. */
export const NODE_IMAGE = `${OWN}/node`;

/** LOAD_BALANCER_IMAGE is the load balancer of API servers; Cluster API appends `/haproxy`. */
export const LOAD_BALANCER_IMAGE = { imageRepository: OWN, imageTag: 'v1' } as const;

/**
 * nodeImages are preloaded on every node. `kubeadm` are the names that kubeadm requires (`kubeadm config
 * images list`), so that no claim has to set an image repository.
 */
export function nodeImages(kubeadm: readonly string[]): readonly ScratchImage[] {
  const own = scratch(POD_NETWORK_IMAGE, 'pod-network');
  return [...kubeadm.flatMap((name) => kubeadmImage(name) ?? []), own];
}

/** KUBE_PROXY has a separate Dockerfile, because it needs more than its binary. */
export const KUBE_PROXY = 'kube-proxy';

/** nameOf is the last part of an image's name, without its tag. */
export function nameOf(image: string): string {
  return /([^/:]+):[^/]+$/.exec(image)?.[1] ?? image;
}

const OF_KUBEADM: Readonly<Record<string, BinaryName>> = {
  'kube-apiserver': 'kube-apiserver',
  'kube-controller-manager': 'kube-controller-manager',
  'kube-scheduler': 'kube-scheduler',
  etcd: 'etcd',
  coredns: 'coredns',
  pause: 'pause',
};

function kubeadmImage(image: string): ScratchImage | undefined {
  const name = nameOf(image);
  if (name === KUBE_PROXY) return undefined;
  const program = OF_KUBEADM[name];
  if (program === undefined) throw new Error(`cannot build ${image}: its program is unknown`);
  return scratch(image, program);
}

/** registryImages come from the registry; `capi` are the managers' images with their tags, by binary. */
export function registryImages(
  capi: Readonly<Record<string, BinaryName>>,
): readonly ScratchImage[] {
  const managers = Object.entries(capi).map(([name, program]): ScratchImage => ({
    name,
    binaries: { '/manager': program },
    entrypoint: ['/manager'],
  }));
  return [...managers, scratch(WEB_IMAGE, 'web')];
}

function scratch(name: string, program: BinaryName): ScratchImage {
  const path = `/usr/local/bin/${program}`;
  return { name, binaries: { [path]: program }, entrypoint: [path] };
}

/** REGISTRY_PROGRAM is the registry itself. */
export const REGISTRY_PROGRAM: ScratchImage = {
  ...scratch(REGISTRY_IMAGE, 'registry'),
  entrypoint: ['/usr/local/bin/registry', 'serve', '/etc/registry.yml'],
};
