import { conditionOf } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { adviceOn, findingOf, ofCondition, type Finding, type Rule } from '../finding.ts';
import { secondsBetween } from '../duration.ts';
import { headOf, type SideObjects, type Snapshot } from '../snapshot.ts';
import { describe } from '../trouble.ts';
import { BLOCKER, PROGRESS, REASONS, SILENT } from './teardown-advice.ts';

/** After this long an object that is being deleted counts as stuck. */
const STUCK_SECONDS = 600;

/** teardown reports what blocks the deletion of a ManagedCluster. */
export const teardown: Rule = (snapshot) => {
  const object = headOf(snapshot);
  const since = deletedAt(snapshot);
  if (object === undefined || since === undefined) return [];
  const own = ofCondition(object, conditionOf(object, 'Operational'));
  if (recordIn(object, 'status')?.['phase'] === 'Deleting') {
    const evidence = { ...own, what: `The cluster is being deleted: ${own.what}`, since };
    return [
      findingOf(snapshot, evidence, adviceOn(REASONS, own.reason) ?? PROGRESS),
      ...stuck(snapshot),
    ];
  }
  const { finalizers = [] } = object.metadata;
  const what = `The ManagedCluster is being deleted, but Teardown has not started (finalizers: ${finalizers.join(', ') || 'none'})`;
  const evidence = { reason: 'TeardownSilent', object, what, since };
  return [findingOf(snapshot, evidence, SILENT), ...stuck(snapshot)];
};

/** deletedAt is the deletion timestamp of the ManagedCluster, if any. */
export function deletedAt({ claim, composite }: Snapshot): string | undefined {
  return claim?.metadata.deletionTimestamp ?? composite?.metadata.deletionTimestamp;
}

function stuck(snapshot: Snapshot): readonly Finding[] {
  const { workload, management } = snapshot;
  const sides = [management, ...(workload.kind === 'Reached' ? [workload.objects] : [])];
  return sides
    .flatMap(deepest)
    .filter((object) => isStuck(object, snapshot))
    .map((object) => {
      const { deletionTimestamp: since, name = '', finalizers = [] } = object.metadata;
      const what = `${object.kind} ${name} is not removed; its finalizers: ${finalizers.join(', ') || 'none'}`;
      const details = [object].flatMap((one) => describe(one) ?? []);
      const evidence = { reason: 'DeletionBlocked', object, what, since, details };
      return findingOf(snapshot, evidence, BLOCKER);
    });
}

/** The deepest dependents block the others: infrastructure machines before the infrastructure cluster. */
function deepest(side: SideObjects): readonly KubeObject[] {
  const going = side.infrastructureMachines.filter(isGoing);
  const below = going.length > 0 ? going : side.machines.filter(isGoing);
  if (below.length > 0) return below;
  return [side.infrastructureCluster, side.controlPlane, side.cluster]
    .filter((object) => object !== undefined)
    .filter(isGoing)
    .slice(0, 1);
}

function isGoing({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function isStuck({ metadata }: KubeObject, { takenAt }: Snapshot): boolean {
  const { deletionTimestamp } = metadata;
  return (
    deletionTimestamp !== undefined && secondsBetween(deletionTimestamp, takenAt) > STUCK_SECONDS
  );
}
