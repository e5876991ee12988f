import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ownArchitecture } from '../../../hack/images/architecture.ts';
import { buildImages } from '../../../hack/images/build.ts';
import { pushImage } from '../../../hack/images/push.ts';
import { buildPackage } from '../../../hack/packages/build-package.ts';
import { PACKAGES } from '../../../hack/packages/package-sources.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { messageOf } from '../../../lib/errors.ts';
import type { KubeApi, TypeRef } from '../../../lib/kube/api.ts';
import { productVersion } from '../../../lib/program/product-files.ts';
import { CROSSPLANE_NAMESPACE } from '../crossplane/chart.ts';
import { repositoryRoot } from '../repository.ts';
import { waitFor } from '../wait.ts';
import { binary, type WorldContext } from '../world-context.ts';
import { MANAGEMENT_ENDPOINT, REGISTRY } from './addresses.ts';
import { helm } from './crossplane.ts';
import { flags } from './flags.ts';
import type { RealCluster } from './management.ts';

/** Where a release's scripts leave what they make. */
const IMAGES = join(repositoryRoot(), 'dist', 'images');
const PACKAGE_FOLDER = join(repositoryRoot(), 'dist', 'packages');

/** Where our images and packages are in the registry of a world. */
const REPOSITORY = 'managed-cluster';

const PACKAGE_TYPES: readonly TypeRef[] = ['Function', 'Provider', 'Configuration'].map((kind) => ({
  apiVersion: 'pkg.crossplane.io/v1',
  kind,
}));

const XRD: TypeRef = {
  apiVersion: 'apiextensions.crossplane.io/v2',
  kind: 'CompositeResourceDefinition',
};

/** buildProduct makes images and packages with the scripts that a release is made with. */
export async function buildProduct(
  binaries: Readonly<Record<string, string>>,
  progress: (line: string) => void,
): Promise<void> {
  const { helm: helmPath = '', 'crossplane-cli-v2.5': cli = '' } = binaries;
  const images = { [ownArchitecture()]: { helm: helmPath } };
  await buildImages({ out: IMAGES, binaries: images, progress });
  mkdirSync(PACKAGE_FOLDER, { recursive: true });
  const root = repositoryRoot();
  for (const source of PACKAGES) {
    // oxlint-disable-next-line no-await-in-loop -- a second each
    await buildPackage(source, { cli, root, file: packageFile(source.name), images: IMAGES });
  }
}

/**
 * installRealProduct puts images and packages into the registry and installs the product from its
 * chart, as a user does; it resolves when Crossplane runs it and serves claims.
 */
export async function installRealProduct(
  context: WorldContext,
  { api, kubeconfig }: RealCluster,
): Promise<void> {
  const version = productVersion();
  await pushImage({
    registry: `http://${REGISTRY}`,
    layout: join(IMAGES, 'agent'),
    repository: `${REPOSITORY}/agent`,
    tag: version,
  });
  for (const { name } of PACKAGES) {
    // oxlint-disable-next-line no-await-in-loop -- the second one finds what the first one sent
    await pushPackage(context, name, version);
  }
  context.emit('our images and packages are in the registry');
  await helm(context, [
    'install',
    'managed-cluster',
    join(repositoryRoot(), 'package', 'chart'),
    ...flags({
      kubeconfig,
      namespace: CROSSPLANE_NAMESPACE,
      set: [
        `registry=${REGISTRY}/${REPOSITORY}`,
        `version=${version}`,
        `managementEndpoint=${MANAGEMENT_ENDPOINT}`,
      ],
    }),
  ]);
  await Promise.all(PACKAGE_TYPES.map((type) => allTrue(context, api, type, ['Healthy'])));
  await allTrue(context, api, XRD, ['Established']);
  context.emit('our packages are installed and healthy');
  await policiesConfigured(api);
  context.emit('a Cluster may be made: all policies are configured');
}

/** A Cluster as small as can be; it is never made. */
const PROBE: KubeObject = {
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Cluster',
  metadata: { namespace: 'default', name: 'policy-probe' },
  spec: { paused: true, clusterNetwork: { serviceDomain: 'cluster.local' } },
};

/**
 * An API server learns of a new kind only every half minute, and until then refuses all that a policy
 * with a parameter of that kind looks at (kube-apiserver v1.36): Crossplane tries again, but late.
 */
async function policiesConfigured(api: KubeApi): Promise<void> {
  await waitFor({
    what: 'the policies to be configured',
    timeoutMs: 90_000,
    intervalMs: 500,
    look: async () => {
      try {
        await api.create(PROBE, { dryRun: true });
        return true;
      } catch (error) {
        return messageOf(error).includes('ValidatingAdmissionPolicy') ? undefined : true;
      }
    },
  });
}

async function pushPackage(context: WorldContext, name: string, version: string): Promise<void> {
  const { PATH = '' } = process.env;
  const reference = `${REGISTRY}/${REPOSITORY}/${name}:v${version}`;
  await promisify(execFile)(
    binary(context, 'crossplane-cli-v2.5'),
    ['xpkg', 'push', `--package-files=${packageFile(name)}`, reference],
    { env: { PATH, HOME: context.folder } },
  );
}

function packageFile(name: string): string {
  return join(PACKAGE_FOLDER, `${name}-v${productVersion()}.xpkg`);
}

/** Waits until there are objects of a kind, and all of them have the conditions. */
async function allTrue(
  context: WorldContext,
  api: KubeApi,
  type: TypeRef,
  conditions: readonly string[],
): Promise<void> {
  await waitFor({
    what: `every ${type.kind} to be ${conditions.join(' and ')}`,
    timeoutMs: 240_000,
    intervalMs: 500,
    look: async () => {
      const { items } = await api.list(type);
      const good = items.filter((item) => conditions.every((one) => isTrue(item, one)));
      return items.length > 0 && good.length === items.length ? true : undefined;
    },
    hopeless: () => context.failure(),
  });
}
