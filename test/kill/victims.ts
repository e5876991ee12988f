import { killPods, type Site } from '@managed-cluster/testbed';
import type { Side } from '../oracle/audit-event.ts';
import type { Witness } from './witness.ts';

/** Battlefield is what a kill needs of a world, whatever else runs in it. */
export interface Battlefield {
  readonly sites: Readonly<Record<Side, Site>>;
  readonly witness: Pick<Witness, 'outages'>;
}

/** MANAGERS are the namespaces of Cluster API's managers that reconcile what is handed over. */
export const MANAGERS = [
  'capi-system',
  'capi-kubeadm-control-plane-system',
  'capi-kubeadm-bootstrap-system',
] as const;

/** killApiServer is SIGKILL and a new start; what it answered last may be in no audit log. */
export async function killApiServer({ sites, witness }: Battlefield, side: Side): Promise<void> {
  const from = Date.now() * 1000;
  await sites[side].processes.apiServer.restart('kill');
  witness.outages.push({ side, from, to: Date.now() * 1000 });
}

/** killManager kills the Pods of a namespace; the node starts their containers again. */
export async function killManager(
  { sites }: Battlefield,
  side: Side,
  namespace: string,
): Promise<number> {
  const killed = await killPods(sites[side], `${namespace}/`);
  await freeLeases(sites[side], namespace);
  return killed;
}

/**
 * freeLeases takes away the Leases of a namespace: who was killed holds them for up to a minute. It
 * does what time would do, and no harm: the holder is dead.
 */
export async function freeLeases({ api }: Site, namespace: string): Promise<void> {
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace };
  const { items } = await api.list(lease);
  await Promise.all(
    items.map(({ metadata }) => api.delete({ ...lease, name: metadata.name ?? '' })),
  );
}
