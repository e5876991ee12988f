import type { BinaryName } from '@managed-cluster/toolchain';
import type { ImageBinary } from '../node-double/config.ts';

/** CapiProvider is one of the four providers of Cluster API that a world runs. */
export interface CapiProvider {
  /** Name of its inventory object, and value of the label `cluster.x-k8s.io/provider`. */
  readonly name: string;
  /** Go module, and the folder in it whose `config/default` is what a release publishes. */
  readonly module: string;
  readonly folder: string;
  readonly namespace: string;
  /** `type` and `providerName` of the inventory object (clusterctl.cluster.x-k8s.io/v1alpha3). */
  readonly type: string;
  readonly providerName: string;
  /** The image of its Deployment without the tag, and our binary that is its `/manager`. */
  readonly image: string;
  readonly binary: BinaryName;
}

/** Go module of Cluster API; its version is the version of all four. */
export const CAPI_MODULE = 'sigs.k8s.io/cluster-api';

/** The providers in the order in which clusterctl installs them. */
export const CAPI_PROVIDERS: readonly CapiProvider[] = [
  {
    name: 'cluster-api',
    module: CAPI_MODULE,
    folder: 'core',
    namespace: 'capi-system',
    type: 'CoreProvider',
    providerName: 'cluster-api',
    image: 'gcr.io/k8s-staging-cluster-api/cluster-api-controller',
    binary: 'capi-core',
  },
  {
    name: 'bootstrap-kubeadm',
    module: CAPI_MODULE,
    folder: 'bootstrap/kubeadm',
    namespace: 'capi-kubeadm-bootstrap-system',
    type: 'BootstrapProvider',
    providerName: 'kubeadm',
    image: 'gcr.io/k8s-staging-cluster-api/kubeadm-bootstrap-controller',
    binary: 'capi-kubeadm-bootstrap',
  },
  {
    name: 'control-plane-kubeadm',
    module: CAPI_MODULE,
    folder: 'controlplane/kubeadm',
    namespace: 'capi-kubeadm-control-plane-system',
    type: 'ControlPlaneProvider',
    providerName: 'kubeadm',
    image: 'gcr.io/k8s-staging-cluster-api/kubeadm-control-plane-controller',
    binary: 'capi-kubeadm-control-plane',
  },
  {
    name: 'infrastructure-docker',
    module: `${CAPI_MODULE}/test`,
    folder: 'infrastructure/docker',
    namespace: 'capd-system',
    type: 'InfrastructureProvider',
    providerName: 'docker',
    image: 'gcr.io/k8s-staging-cluster-api/capd-manager',
    binary: 'capi-dev',
  },
];

/** The inventory CRD, which clusterctl normally creates; a file of {@link CAPI_MODULE}. */
export const INVENTORY_CRD =
  'cmd/clusterctl/config/crd/bases/clusterctl.cluster.x-k8s.io_providers.yaml';

/**
 * Values for the variables of the manifests that are not left at their defaults. The rate limit would
 * put one second between two reconciles of one object (facts/e2e.md 4).
 */
export const VARIABLES: Readonly<Record<string, string>> = {
  EXP_RECONCILER_RATE_LIMITING: 'false',
};

/** For the node double: the images of the providers' Deployments, without tags, and our binaries. */
export function imageMap(
  binaries: Readonly<Record<string, string>>,
): Readonly<Record<string, ImageBinary>> {
  return Object.fromEntries(
    CAPI_PROVIDERS.map(({ image, binary }) => {
      const bin = binaries[binary];
      if (bin === undefined) throw new Error(`cannot map ${image}: ${binary} is not built`);
      return [image, { bin, at: '/manager' }];
    }),
  );
}
