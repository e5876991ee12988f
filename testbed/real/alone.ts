import { waitFor } from '@managed-cluster/toolchain';
import type { KubeObject } from '../../lib/core/object.ts';
import { machinesInside, POOL, scaleClaim, scaleInside, type Theatre } from '../demo/acts.ts';
import type { Docker } from './docker.ts';

const MACHINE = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Machine' } as const;

/** A new node takes a minute on a busy machine; a broken node must first be detected and drained. */
const PATIENCE_MS = 10 * 60_000;

/** growAlone scales the pool in the cluster itself, and in the claim, which does not reach the cluster. */
export async function growAlone(
  theatre: Theatre,
  sizes: { readonly workers: number; readonly machines: number },
): Promise<void> {
  await scaleClaim(theatre, sizes.workers);
  await scaleInside(theatre, sizes.workers);
  await machinesInside(theatre, sizes.machines, PATIENCE_MS);
}

/** loseWorker kills the container of a worker and waits until another machine has replaced it. */
export async function loseWorker(
  theatre: Theatre,
  docker: Docker,
  machines: number,
): Promise<{ readonly lost: string; readonly found: string }> {
  const before = await workersOf(theatre);
  const [lost = ''] = before;
  await docker(['kill', lost]);
  const found = await waitFor({
    what: `a machine in place of ${lost}`,
    timeoutMs: PATIENCE_MS,
    intervalMs: 500,
    look: async () => {
      const now = await workersOf(theatre);
      return now.includes(lost) ? undefined : now.find((name) => !before.includes(name));
    },
  });
  await machinesInside(theatre, machines, PATIENCE_MS);
  return { lost, found };
}

async function workersOf({ workload, claim }: Theatre): Promise<readonly string[]> {
  const { items } = await workload.list({ ...MACHINE, namespace: claim.namespace ?? '' });
  return items.filter(isWorker).map(({ metadata }) => metadata.name ?? '');
}

function isWorker({ metadata }: KubeObject): boolean {
  const deployment = metadata.labels?.['cluster.x-k8s.io/deployment-name'] ?? '';
  return deployment.endsWith(POOL);
}
