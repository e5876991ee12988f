import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitFor } from '@managed-cluster/toolchain';
import { isTrue } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { messageOf } from '../../lib/errors.ts';
import type { KubeApi, TypeRef } from '../../lib/kube/api.ts';
import { productRoot } from '../../lib/program/product-files.ts';
import { CROSSPLANE_NAMESPACE } from '../crossplane/chart.ts';
import { binary, type WorldContext } from '../world-context.ts';
import { MANAGEMENT_ENDPOINT, REGISTRY } from './addresses.ts';
import { helm } from './crossplane.ts';
import { flags } from './flags.ts';
import type { RealCluster } from './management.ts';

/** The repository of our images and packages in the registry of a world. */
const REPOSITORY = 'managed-cluster';

const PACKAGE_TYPES: readonly TypeRef[] = ['Function', 'Provider', 'Configuration'].map((kind) => ({
  apiVersion: 'pkg.crossplane.io/v1',
  kind,
}));

const XRD: TypeRef = {
  apiVersion: 'apiextensions.crossplane.io/v2',
  kind: 'CompositeResourceDefinition',
};

/** Release is the product as shipped, built by the caller. */
export interface Release {
  readonly version: string;
  /** Files of the packages (xpkg), in the order in which they are pushed. */
  readonly packages: readonly { readonly name: string; readonly file: string }[];
  /** Sends the agent's image into a registry, such as `http://host:port`. */
  pushAgent(registry: string, repository: string): Promise<void>;
}

/**
 * installRealProduct pushes images and packages to the registry and installs the product from its chart, as
 * a user does; it resolves when Crossplane runs the packages and serves claims.
 */
export async function installRealProduct(
  context: WorldContext,
  { api, kubeconfig }: RealCluster,
  release: Release,
): Promise<void> {
  const { version } = release;
  await release.pushAgent(`http://${REGISTRY}`, `${REPOSITORY}/agent`);
  for (const { name, file } of release.packages) {
    // oxlint-disable-next-line no-await-in-loop -- the second one finds what the first one sent
    await pushPackage(context, file, `${REGISTRY}/${REPOSITORY}/${name}:v${version}`);
  }
  context.emit('our images and packages are in the registry');
  await helm(context, [
    'install',
    'managed-cluster',
    join(productRoot(), 'package', 'chart'),
    ...flags({
      kubeconfig,
      namespace: CROSSPLANE_NAMESPACE,
      set: [
        `registry=${REGISTRY}/${REPOSITORY}`,
        `version=${version}`,
        `managementEndpoint=${MANAGEMENT_ENDPOINT}`,
        // Cluster API's Docker provider mounts the socket of the engine.
        'privilegedProviders={infrastructure-docker}',
      ],
    }),
  ]);
  await Promise.all(PACKAGE_TYPES.map((type) => allTrue(context, api, type, ['Healthy'])));
  await allTrue(context, api, XRD, ['Established']);
  context.emit('our packages are installed and healthy');
  await policiesConfigured(api);
  context.emit('Clusters can be created: all policies are in effect');
}

/** A minimal Cluster for dry runs. */
const PROBE: KubeObject = {
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Cluster',
  metadata: { namespace: 'default', name: 'policy-probe' },
  spec: { paused: true, clusterNetwork: { serviceDomain: 'cluster.local' } },
};

/**
 * An API server discovers new kinds only every 30 seconds, and until then denies all requests that match a
 * policy with a parameter of that kind (kube-apiserver v1.36): Crossplane retries, but late.
 */
async function policiesConfigured(api: KubeApi): Promise<void> {
  await waitFor({
    what: 'the policies to be in effect',
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

async function pushPackage(context: WorldContext, file: string, reference: string): Promise<void> {
  const { PATH = '' } = process.env;
  await promisify(execFile)(
    binary(context, 'crossplane-cli-v2.5'),
    ['xpkg', 'push', `--package-files=${file}`, reference],
    { env: { PATH, HOME: context.folder } },
  );
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
