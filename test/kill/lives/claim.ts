import { waitFor } from '@managed-cluster/toolchain';
import { AGENT_NAMESPACE } from '../../../lib/apis/agent.ts';
import { NAMESPACED_MANAGED_CLUSTER, MANAGED_CLUSTER_CLAIM } from '../../../lib/apis/kinds.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { KubeApi, ObjectRef } from '../../../lib/kube/api.ts';
import { inventory } from '../subject.ts';
import type { Life } from './life.ts';
import { reliably } from './reliably.ts';

/** Claim is what a user applies for one life, in a namespace of that name. */
export type Claim = Pick<Life, 'name' | 'flavour'>;

/** aClaim is the n-th; claims and namespaced composites take turns. */
export function aClaim(number: number): Claim {
  return { name: `life-${number}`, flavour: number % 2 === 1 ? 'claim' : 'composite' };
}

/** refOf names what the user applied. */
export function refOf({ name, flavour }: Claim): ObjectRef {
  const type = flavour === 'claim' ? MANAGED_CLUSTER_CLAIM : NAMESPACED_MANAGED_CLUSTER;
  return { ...type, namespace: name, name };
}

/** accessRef names the Secret with the way into the cluster, which the claim waits for. */
export function accessRef({ name }: Claim): { readonly namespace: string; readonly name: string } {
  return { namespace: name, name: `${name}-api` };
}

/** applyClaim applies it, as large as a cluster must be to have something of everything. */
export async function applyClaim(api: KubeApi, claim: Claim): Promise<void> {
  const { apiVersion, kind, namespace = '', name } = refOf(claim);
  const home = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  const object = {
    apiVersion,
    kind,
    metadata: { namespace, name },
    spec: {
      kubernetes: { version: 'v1.35.4' },
      cloud: { provider: 'docker', docker: { backend: 'inMemory' } },
      controlPlane: { replicas: 1 },
      nodePools: [{ name: 'workers', replicas: 1 }],
      profiles: [{ name: 'base', version: '1.0.0' }],
      agent: { kubeconfigSecretRef: { name: accessRef(claim).name } },
    },
  };
  await reliably(`${name} to be accepted`, async () => {
    await api.apply(home, { fieldManager: 'kill' });
    await api.apply(object, { fieldManager: 'kill' });
  });
}

/** phaseOf is the phase that it tells; `Gone` when it is not there. */
export async function phaseOf(api: KubeApi, claim: Claim): Promise<string> {
  const found = await api.get(refOf(claim));
  if (found === undefined) return 'Gone';
  if (found.metadata.deletionTimestamp !== undefined) return 'Deleting';
  const phase = recordIn(found, 'status')?.['phase'];
  return typeof phase === 'string' ? phase : 'New';
}

/** Longer than all back-offs of the product and of Crossplane together, while all is killed again and again. */
const TIMEOUT_MS = 420_000;

/** until waits for something about a claim; its error has what the claim says of itself. */
export async function until(
  api: KubeApi,
  claim: Claim,
  { what, look }: { readonly what: string; readonly look: () => Promise<boolean> },
): Promise<void> {
  try {
    await waitFor({
      what: `${claim.name} ${what}`,
      timeoutMs: TIMEOUT_MS,
      intervalMs: 250,
      look: async () => ((await look()) ? true : undefined),
    });
  } catch (error) {
    const found = await reliably(`${claim.name} to be read`, () => api.get(refOf(claim)));
    const status = JSON.stringify(recordIn(found, 'status') ?? {});
    throw new Error(`${error instanceof Error ? error.message : String(error)}: ${status}`, {
      cause: error,
    });
  }
}

/** isGrown tells whether it manages itself and works, and the source has been retired. */
export async function isGrown(api: KubeApi, claim: Claim): Promise<boolean> {
  const found: KubeObject | undefined = await api.get(refOf(claim));
  const phase = recordIn(found, 'status')?.['phase'];
  if (phase !== 'SelfManaged' || !isTrue(found, 'Operational')) return false;
  const { objects } = await inventory(api, { name: claim.name, workers: 1 });
  return objects.every(({ kind }) => kind === 'Secret');
}

/** What an agent leaves in a site that stands in for a cluster; a real cluster goes with its machines. */
const LEFT = [AGENT_NAMESPACE, 'team'];

/** freshSite makes the workload site as good as a new cluster. */
export async function freshSite(api: KubeApi): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace' };
  await waitFor({
    what: `${LEFT.join(' and ')} to be gone`,
    timeoutMs: 120_000,
    intervalMs: 250,
    async look() {
      await Promise.all(LEFT.map((name) => api.delete({ ...namespace, name })));
      const found = await Promise.all(LEFT.map((name) => api.get({ ...namespace, name })));
      return found.every((one) => one === undefined) ? true : undefined;
    },
  });
}
