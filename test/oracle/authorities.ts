import { isCreation, type Act } from './act.ts';
import type { Actors, Finding } from './finding.ts';
import type { ClusterHistory } from './history.ts';

/** Secrets in which KubeadmControlPlane keeps what it signs with: `<cluster>-<purpose>` (CAPI util/secret). */
const PURPOSES = ['ca', 'etcd', 'sa', 'proxy'];

/** I4: a controller makes each of them once in the life of a cluster, on either side. */
export function doubledAuthorities(
  history: ClusterHistory,
  acts: readonly Act[],
  { controllers }: Actors,
): readonly Finding[] {
  const where = `${history.namespace}/${history.name}`;
  return PURPOSES.flatMap((purpose) => {
    const name = `${history.name}-${purpose}`;
    const made = acts.filter(
      (act) =>
        isCreation(act) &&
        act.resource === 'secrets' &&
        act.namespace === history.namespace &&
        act.name === name &&
        controllers.test(act.actor),
    );
    return made.slice(1).flatMap((act, at): readonly Finding[] => {
      const before = made[at];
      if (before === undefined || isOver(history, before, act)) return [];
      const message = `${act.actor} made Secret ${name} on the ${act.side} side, which was made on the ${before.side} side before`;
      return [{ invariant: 'I4', where, message, at: act.span.to }];
    });
  });
}

/** Whether the cluster was nowhere at some time in between: then it is another one of that name. */
function isOver({ clusters }: ClusterHistory, before: Act, act: Act): boolean {
  return clusters.some(({ gone }) => {
    if (gone === undefined || gone.to < before.span.to || gone.to > act.span.from) return false;
    return !clusters.some(
      (other) =>
        other.born.from <= gone.to && (other.gone === undefined || other.gone.to > gone.to),
    );
  });
}
