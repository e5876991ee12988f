import { waitFor } from '@managed-cluster/toolchain';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import { isDeployment } from './edits.ts';
import type { RenderedProviders } from './render.ts';

/** InstallOptions are the callback for progress, and the reason to abort. */
export interface InstallOptions {
  /** Called after each step, with its duration in seconds. */
  readonly progress?: (line: string) => void;
  /** A reason to stop waiting, such as a process of the site that has exited. */
  readonly hopeless?: () => Error | undefined;
}

interface StatusObject extends KubeObject {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Maximum concurrent requests; an API server on two cores would only queue more. */
const CONCURRENCY = 8;

const FIELD_MANAGER = 'managed-cluster-world';

const TIMEOUT_MS = 120_000;

/** Referenced kinds come first: a Pod is rejected before its ServiceAccount exists. */
const FIRST: readonly string[] = ['Namespace', 'ServiceAccount', 'Secret'];

/** An object to test the webhooks. Without an annotation its controller would panic (facts/e2e.md 5). */
const PROBE: KubeObject = {
  apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
  kind: 'DevCluster',
  metadata: { name: 'webhook-probe', namespace: 'default', annotations: { probe: 'true' } },
  spec: { backend: { inMemory: {} } },
};

/**
 * Installs the providers on a site and waits until they can be used: Deployments available, webhooks
 * answering. Safe to repeat. Fails after two minutes without progress of a step.
 */
export async function installProviders(
  api: KubeApi,
  rendered: RenderedProviders,
  options: InstallOptions = {},
): Promise<void> {
  const begin = performance.now();
  function done(what: string): void {
    options.progress?.(`${what} ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  }
  await applyCrds(api, rendered.crds, options);
  done('CRDs established');
  for (const wave of waves(rendered.objects)) {
    // oxlint-disable-next-line no-await-in-loop -- one wave after the other
    await eachOf(wave, (object) => apply(api, object));
  }
  done('providers applied');
  const deployments = rendered.objects.filter(isDeployment);
  await eachOf(deployments, (deployment) => awaitCondition(api, deployment, 'Available', options));
  done('providers available');
  await waitFor({
    what: 'the webhooks of the providers to answer',
    timeoutMs: TIMEOUT_MS,
    look: () => api.create(PROBE, { dryRun: true }),
    ...hopelessOf(options),
  });
  done('webhooks answer');
}

/** Applies CRDs and waits until each is established. */
export async function applyCrds(
  api: KubeApi,
  crds: readonly KubeObject[],
  options: InstallOptions = {},
): Promise<void> {
  await eachOf(crds, async (crd) => {
    await apply(api, crd);
    await awaitCondition(api, crd, 'Established', options);
  });
}

function apply(api: KubeApi, object: KubeObject): Promise<KubeObject> {
  return api.apply(object, { fieldManager: FIELD_MANAGER, force: true });
}

/** The order in which objects are applied: referenced kinds first, Deployments last. */
export function waves(objects: readonly KubeObject[]): readonly (readonly KubeObject[])[] {
  const first = FIRST.map((kind) => objects.filter((object) => object.kind === kind));
  const rest = objects.filter((object) => !FIRST.includes(object.kind) && !isDeployment(object));
  return [...first, rest, objects.filter(isDeployment)];
}

async function awaitCondition(
  api: KubeApi,
  object: KubeObject,
  type: string,
  options: InstallOptions,
): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  const { name = '', namespace } = metadata;
  const ref: ObjectRef = {
    apiVersion,
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
  };
  await waitFor({
    what: `${kind} ${name} to be ${type}`,
    timeoutMs: TIMEOUT_MS,
    intervalMs: 100,
    look: async () => isTrue(await api.get(ref), type),
    ...hopelessOf(options),
  });
}

function isTrue(object: StatusObject | undefined, type: string): true | undefined {
  const condition = object?.status?.conditions?.find((candidate) => candidate.type === type);
  return condition?.status === 'True' ? true : undefined;
}

function hopelessOf({ hopeless }: InstallOptions): Pick<InstallOptions, 'hopeless'> {
  return hopeless === undefined ? {} : { hopeless };
}

/** Does the work for all items, a few at a time. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  async function worker(): Promise<void> {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      // oxlint-disable-next-line no-await-in-loop -- each worker does one after the other
      await work(item);
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}
