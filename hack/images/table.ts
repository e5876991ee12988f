/** REPOSITORY is where the images of a release are; the manifests in package/ name it too. */
export const REPOSITORY = 'ghcr.io/managed-cluster';

/** SOURCE is where the sources of the images are; registries link to it. */
export const SOURCE = 'https://github.com/managed-cluster/managed-cluster';

/** ImageSpec is one image of the product. */
export interface ImageSpec {
  readonly title: string;
  readonly description: string;
  /** Source of the program, from the root of the repository. */
  readonly program: string;
  /** Folders of the repository that the program reads while it runs. */
  readonly folders: readonly string[];
  /** Programs of others that it runs. */
  readonly binaries: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Of Node, before the program. */
  readonly nodeFlags: readonly string[];
  /** Commands besides `--help` of the program that must succeed in the image (`--check`). */
  readonly checks: readonly (readonly string[])[];
}

/** BINARY_FOLDER is where the programs of others are in an image. */
export const BINARY_FOLDER = '/usr/local/bin';

/**
 * A small young generation: without a limit of memory Node 24 lets it grow to several times what the
 * programs hold. Under a limit it is as small by itself, and this costs nothing. The old generation is
 * left to Node, which takes half of the limit (docs/reports/node-24.md).
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
    description: 'Installs agents, hands clusters over to themselves, and takes them back',
    program: 'provider/main.ts',
    folders: ['package/crds', 'package/policies'],
    binaries: [],
    env: {},
    nodeFlags: SMALL_HEAP,
    checks: [],
  },
  agent: {
    title: 'managed-cluster-agent',
    description: 'Carries out the plan of the cluster that it runs in',
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

/** ImageBinary is a program of others that some image needs. */
export type ImageBinary = (typeof IMAGES)[ImageName]['binaries'][number];
