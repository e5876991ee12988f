import { CLUSTER } from '../../capi/kinds.ts';
import { MANAGEMENT_ANNOTATION } from '../../lib/apis/ownership.ts';
import { done, stalled, type Outcome } from '../../lib/reconcile/outcome.ts';
import { clusterUid } from '../cluster-uid.ts';
import { managedElsewhere } from '../core/installation/target-refusal.ts';
import type { Scope } from './scope.ts';

/** isManagedHere fails for a cluster that another management side has adopted: this one must not take it back. */
export async function isManagedHere({ source, deps, cluster }: Scope): Promise<Outcome> {
  if (source?.side !== 'workload') return done;
  // As it is: of what is taken back, annotations of ours are left out.
  const root = await source.api.get({ ...CLUSTER, ...cluster });
  const uid = root?.metadata.annotations?.[MANAGEMENT_ANNOTATION];
  if (uid === undefined) return done;
  const own = await clusterUid(deps.management);
  return uid === own ? done : stalled('ManagedElsewhere', managedElsewhere(uid));
}
