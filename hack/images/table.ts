/** REPOSITORY is the repository of released images; the manifests in package/ reference it too. */
export const REPOSITORY = 'ghcr.io/managed-cluster';

/** SOURCE is the source repository of the images; registries link to it. */
export const SOURCE = 'https://github.com/managed-cluster/managed-cluster';

/** ImageSpec is one image of the product. */
export interface ImageSpec {
  readonly title: string;
  readonly description: string;
  /** Source of the program, from the root of the repository. */
  readonly program: string;
  /** Folders of the repository that the program reads at run time. */
  readonly folders: readonly string[];
  /** Third-party programs that it runs. */
  readonly binaries: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Arguments of Node, before the program. */
  readonly nodeFlags: readonly string[];
  /** Further commands that must succeed in the image, besides `--help` of the program (`--check`). */
  readonly checks: readonly (readonly string[])[];
}

/** BINARY_FOLDER is the folder of third-party programs in an image. */
export const BINARY_FOLDER = '/usr/local/bin';

/**
 * A small young generation: without a memory limit Node 24 lets it grow to several times the size of the
 * live data. With a memory limit Node already keeps it small, so this has no cost. The old generation is
 * the default of Node, which is half of the limit (docs/reports/node-24.md).
 */
const SMALL_HEAP = ['--max-semi-space-size=2'] as const;

/** Every image of the product: a new one is an entry here. */
export const IMAGES = {
  function: {
    title: 'function-managed-cluster',
    description: 'Crossplane function that expands a ManagedCluster into Cluster API objects',
    program: 'function/main.ts',
    folders: [],
    binaries: [],
    env: {},
    nodeFlags: SMALL_HEAP,
    checks: [],
  },
  provider: {
    title: 'managed-cluster-provider',
    description: 'Installs agents, makes clusters manage themselves, and takes them back',
    program: 'provider/main.ts',
    folders: ['package/crds', 'package/policies'],
    binaries: [],
    env: {},
    nodeFlags: SMALL_HEAP,
    checks: [],
  },
  agent: {
    title: 'managed-cluster-agent',
    description: 'Reconciles the plan of the cluster that it runs in',
    program: 'agent/main.ts',
    folders: [],
    binaries: ['helm'],
    env: { HELM_BINARY: `${BINARY_FOLDER}/helm` },
    nodeFlags: SMALL_HEAP,
    checks: [['helm', 'version', '--short']],
  },
} as const satisfies Readonly<Record<string, ImageSpec>>;

/** ImageName is a key of {@link IMAGES}. */
export type ImageName = keyof typeof IMAGES;

/** ImageBinary is a third-party program that an image needs. */
export type ImageBinary = (typeof IMAGES)[ImageName]['binaries'][number];
