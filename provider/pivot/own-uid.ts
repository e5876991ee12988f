import type { ProviderDeps } from '../deps.ts';
import { clusterUid } from '../cluster-uid.ts';

/** ownUid is the uid by which clusters know this management side. */
export async function ownUid({ management }: Pick<ProviderDeps, 'management'>): Promise<string> {
  const uid = await clusterUid(management);
  if (uid === undefined)
    throw new Error('cannot read the namespace kube-system of the management side');
  return uid;
}
