/** Stamp is a Go variable that the linker sets, so that a program knows its own version. */
export interface Stamp {
  /** Import path and name, such as `k8s.io/component-base/version.gitMajor`. */
  readonly variable: string;
  /** The part of the version to set. */
  readonly value: 'version' | 'major' | 'minor';
}

/** BinarySpec is the source of a binary. Its version is only in go.mod. */
export interface BinarySpec {
  /** Folder next to this file with go.mod and go.sum. */
  readonly module: string;
  /** Main package: an import path, or `./folder` for our own source in the module's folder. */
  readonly package: string;
  /** Go module whose version in go.mod is the version of the binary; absent for our own programs. */
  readonly versionOf?: string;
  readonly stamps: readonly Stamp[];
  /**
   * Built without cgo: required for programs in otherwise empty images. All programs of a module must agree,
   * because otherwise they do not share compiled packages.
   */
  readonly static?: boolean;
  /**
   * Seconds of a build on two busy cores after the binaries above it, including downloads. Used only for
   * the estimate in progress messages.
   */
  readonly coldSeconds: number;
}

/** CAPI managers exit immediately when the API server reports no version (facts/e2e.md 2). */
const KUBE_STAMPS: readonly Stamp[] = [
  { variable: 'k8s.io/component-base/version.gitVersion', value: 'version' },
  { variable: 'k8s.io/component-base/version.gitMajor', value: 'major' },
  { variable: 'k8s.io/component-base/version.gitMinor', value: 'minor' },
  { variable: 'k8s.io/client-go/pkg/version.gitVersion', value: 'version' },
];

const KUBE = {
  module: 'kube',
  versionOf: 'k8s.io/kubernetes',
  stamps: KUBE_STAMPS,
  static: true,
} as const;

const CAPI = {
  module: 'capi',
  versionOf: 'sigs.k8s.io/cluster-api',
  stamps: [],
  static: true,
} as const;

/** Our programs that run in nodes, or are needed to run them. */
const NODES = { module: 'nodes', stamps: [], static: true, coldSeconds: 4 } as const;

const CAPI_DEV = { ...CAPI, versionOf: 'sigs.k8s.io/cluster-api/test' } as const;

/** Before v2.5 the CLI was part of the core repository, where it is named crank. */
const CRANK = {
  package: 'github.com/crossplane/crossplane/cmd/crank',
  versionOf: 'github.com/crossplane/crossplane',
  stamps: [
    {
      variable: 'github.com/crossplane/crossplane/internal/version.version',
      value: 'version',
    },
  ],
} as const;

/** All binaries, in build order. */
export const BINARIES = {
  etcd: {
    module: 'etcd',
    package: 'go.etcd.io/etcd/server/v3',
    versionOf: 'go.etcd.io/etcd/server/v3',
    stamps: [],
    static: true,
    coldSeconds: 45,
  },
  'kube-apiserver': {
    ...KUBE,
    package: 'k8s.io/kubernetes/cmd/kube-apiserver',
    coldSeconds: 190,
  },
  'kube-controller-manager': {
    ...KUBE,
    package: 'k8s.io/kubernetes/cmd/kube-controller-manager',
    coldSeconds: 56,
  },
  kubectl: { ...KUBE, package: 'k8s.io/kubernetes/cmd/kubectl', coldSeconds: 25 },
  kubeadm: { ...KUBE, package: 'k8s.io/kubernetes/cmd/kubeadm', coldSeconds: 20 },
  kubelet: { ...KUBE, package: 'k8s.io/kubernetes/cmd/kubelet', coldSeconds: 25 },
  'kube-scheduler': { ...KUBE, package: 'k8s.io/kubernetes/cmd/kube-scheduler', coldSeconds: 5 },
  'kube-proxy': { ...KUBE, package: 'k8s.io/kubernetes/cmd/kube-proxy', coldSeconds: 8 },
  coredns: {
    module: 'coredns',
    package: 'github.com/coredns/coredns',
    versionOf: 'github.com/coredns/coredns',
    stamps: [],
    static: true,
    coldSeconds: 100,
  },
  registry: {
    module: 'registry',
    package: 'github.com/distribution/distribution/v3/cmd/registry',
    versionOf: 'github.com/distribution/distribution/v3',
    stamps: [],
    static: true,
    coldSeconds: 75,
  },
  pause: { ...NODES, package: './pause' },
  'pod-network': { ...NODES, package: './pod-network' },
  'runc-caps': { ...NODES, package: './runc-caps' },
  'slow-link': { ...NODES, package: './slow-link' },
  web: { ...NODES, package: './web' },
  crossplane: {
    module: 'crossplane',
    package: 'github.com/crossplane/crossplane/v2/cmd/crossplane',
    versionOf: 'github.com/crossplane/crossplane/v2',
    stamps: [
      {
        variable: 'github.com/crossplane/crossplane-runtime/v2/pkg/version.version',
        value: 'version',
      },
      {
        variable: 'github.com/crossplane/crossplane/v2/internal/version.version',
        value: 'version',
      },
    ],
    static: true,
    coldSeconds: 120,
  },
  'capi-core': { ...CAPI, package: 'sigs.k8s.io/cluster-api/core', coldSeconds: 86 },
  'capi-kubeadm-bootstrap': {
    ...CAPI,
    package: 'sigs.k8s.io/cluster-api/bootstrap/kubeadm',
    coldSeconds: 5,
  },
  'capi-kubeadm-control-plane': {
    ...CAPI,
    package: 'sigs.k8s.io/cluster-api/controlplane/kubeadm',
    coldSeconds: 8,
  },
  'capi-dev': {
    ...CAPI_DEV,
    package: 'sigs.k8s.io/cluster-api/test/infrastructure/docker',
    coldSeconds: 28,
  },
  'pretend-cloud': { ...CAPI_DEV, package: './cloud', coldSeconds: 5 },
  clusterctl: {
    ...CAPI,
    package: 'sigs.k8s.io/cluster-api/cmd/clusterctl',
    coldSeconds: 10,
  },
  helm: {
    module: 'helm',
    package: 'helm.sh/helm/v3/cmd/helm',
    versionOf: 'helm.sh/helm/v3',
    stamps: [],
    static: true,
    coldSeconds: 65,
  },
  'crossplane-cli-v2.5': {
    module: 'crossplane-cli-v2.5',
    package: 'github.com/crossplane/cli/v2/cmd/crossplane',
    versionOf: 'github.com/crossplane/cli/v2',
    stamps: [
      {
        variable: 'github.com/crossplane/crossplane-runtime/v2/pkg/version.version',
        value: 'version',
      },
    ],
    coldSeconds: 150,
  },
  'crossplane-cli-v1.20': { ...CRANK, module: 'crossplane-cli-v1.20', coldSeconds: 210 },
  'crossplane-cli-v1.16': { ...CRANK, module: 'crossplane-cli-v1.16', coldSeconds: 100 },
  'crossplane-cli-v1.14': { ...CRANK, module: 'crossplane-cli-v1.14', coldSeconds: 165 },
} as const satisfies Readonly<Record<string, BinarySpec>>;

/** BinaryName is a key of {@link BINARIES}. */
export type BinaryName = keyof typeof BINARIES;

/** The binaries for a world of fake machines, including helm and kubectl to render charts. */
export const WORLD_BINARIES = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kubectl',
  'crossplane',
  'capi-core',
  'capi-kubeadm-bootstrap',
  'capi-kubeadm-control-plane',
  'capi-dev',
  'pretend-cloud',
  'helm',
] as const satisfies readonly BinaryName[];

/** The binaries for a world of real nodes: programs in and around its nodes, and tools. */
export const REAL_BINARIES = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kubectl',
  'kubeadm',
  'kubelet',
  'kube-scheduler',
  'kube-proxy',
  'coredns',
  'registry',
  'pause',
  'pod-network',
  'runc-caps',
  'slow-link',
  'web',
  'crossplane',
  'capi-core',
  'capi-kubeadm-bootstrap',
  'capi-kubeadm-control-plane',
  'capi-dev',
  'helm',
  'crossplane-cli-v2.5',
] as const satisfies readonly BinaryName[];

/** Flags for `go build -ldflags`: no symbol table, and the stamps of this version (`vX.Y.Z`). */
export function linkerFlags(stamps: readonly Stamp[], version: string): string {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) {
    throw new Error(`cannot stamp a binary with ${version}: it is not a version such as v1.2.3`);
  }
  const values = { version, major, minor };
  return ['-s -w', ...stamps.map(({ variable, value }) => `-X ${variable}=${values[value]}`)].join(
    ' ',
  );
}
