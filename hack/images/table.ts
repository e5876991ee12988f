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
  /** Commands besides `--help` of the program that must succeed in the image (`--check`). */
  readonly checks: readonly (readonly string[])[];
}

/** BINARY_FOLDER is where the programs of others are in an image. */
export const BINARY_FOLDER = '/usr/local/bin';

/** Every image of the product: a new one is an entry here. */
export const IMAGES = {
  function: {
    title: 'function-managed-cluster',
    description: 'Crossplane function that expands a ManagedCluster into Cluster API objects',
    program: 'function/main.ts',
    folders: [],
    binaries: [],
    env: {},
    checks: [],
  },
  provider: {
    title: 'managed-cluster-provider',
    description: 'Installs agents, hands clusters over to themselves, and takes them back',
    program: 'provider/main.ts',
    folders: ['package/crds', 'package/policies'],
    binaries: [],
    env: {},
    checks: [],
  },
  agent: {
    title: 'managed-cluster-agent',
    description: 'Carries out the plan of the cluster that it runs in',
    program: 'agent/main.ts',
    folders: [],
    binaries: ['helm'],
    env: { HELM_BINARY: `${BINARY_FOLDER}/helm` },
    checks: [['helm', 'version', '--short']],
  },
} as const satisfies Readonly<Record<string, ImageSpec>>;

/** ImageName is a key of {@link IMAGES}. */
export type ImageName = keyof typeof IMAGES;

/** ImageBinary is a program of others that some image needs. */
export type ImageBinary = (typeof IMAGES)[ImageName]['binaries'][number];
