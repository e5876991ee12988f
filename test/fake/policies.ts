import type { Side } from '../../lib/apis/ownership.ts';
import { HOLD_LABEL, SOURCE_UID_ANNOTATION } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { StatusError } from '../../lib/kube/errors.ts';
import { ownershipOf } from '../../provider/core/pivot/ownership.ts';

/** fenced refuses what the policy fence-owner refuses (hack/generator/policies/fence-owner.yaml). */
export function fenced(side: Side, before: KubeObject | undefined, after: KubeObject): void {
  if (after.kind !== 'Cluster' || after.metadata.annotations === undefined) return;
  if (before !== undefined) grown(before, after);
  const now = ownershipOf(after);
  const was = before && ownershipOf(before);
  const ranBefore = was !== undefined && now.owner === was.owner && !was.paused;
  if (!now.paused && !ranBefore && now.owner !== side) {
    throw forbidden('fence-owner.managedcluster.io: it must stay paused');
  }
}

function grown(before: KubeObject, after: KubeObject): void {
  const [was, now] = [ownershipOf(before), ownershipOf(after)];
  if (now.epoch < was.epoch)
    throw forbidden('fence-owner.managedcluster.io: epoch must not decrease');
  if (now.owner !== was.owner && now.epoch <= was.epoch) {
    throw forbidden('fence-owner.managedcluster.io: a change of the owner needs a higher epoch');
  }
}

/** fencedMachine refuses what the policy fence-machines refuses. */
export function fencedMachine(
  side: Side,
  machine: KubeObject,
  cluster: KubeObject | undefined,
): void {
  if (machine.kind !== 'Machine' || cluster === undefined) return;
  const { owner, paused } = ownershipOf(cluster);
  const copied = SOURCE_UID_ANNOTATION in (machine.metadata.annotations ?? {});
  if (owner === side || (owner === 'moving' && paused && copied)) return;
  throw forbidden('fence-machines.managedcluster.io: a Machine must not be created');
}

/** guarded refuses what the policy guard refuses. */
export function guarded({ metadata }: KubeObject): void {
  if (HOLD_LABEL in (metadata.labels ?? {})) throw forbidden('guard.managedcluster.io: held');
}

function forbidden(message: string): StatusError {
  return new StatusError('request', 403, { reason: 'Forbidden', message });
}
