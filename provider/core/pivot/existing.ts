import { CLUSTER_LABEL, SOURCE_UID_ANNOTATION } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { missingIn } from '../../../lib/core/subset.ts';
import { belongsByItself } from './belongs.ts';
import { isClusterApi, uidOf } from './identity.ts';
import { ownersOf } from '../../../lib/core/owners.ts';
import type { Attempt } from './journal.ts';
import { isMarkedForeign, ownershipOf } from './ownership.ts';

/** Verdict is what to do with an object that is on the target already under a name that is needed. */
export type Verdict = 'Adopt' | 'Overwrite' | 'Leaving' | 'Foreign';

/** Standing is what the Cluster on the target says of the objects around it. */
export type Standing =
  /** There is none: what bears a source-uid is left from an attempt. */
  | 'Absent'
  /** Made by this attempt. */
  | 'Current'
  /** Made by an earlier attempt, or left from before: fenced under a lower epoch. */
  | 'Leftover'
  /** Somebody else's, or it runs. */
  | 'Foreign';

/** standingOf judges the Cluster on the target. */
export function standingOf(
  existing: KubeObject | undefined,
  source: KubeObject,
  attempt: Attempt,
): Standing {
  if (existing === undefined) return 'Absent';
  const { owner, epoch, paused } = ownershipOf(existing);
  if (owner !== 'moving' || !paused || epoch > attempt.epoch) return 'Foreign';
  if (epoch < attempt.epoch) return 'Leftover';
  if (isMarkedForeign(existing, attempt)) return 'Foreign';
  return sourceUidOf(existing) === uidOf(source) ? 'Current' : 'Foreign';
}

/** Situation is what a verdict takes into account beside the two objects. */
export interface Situation {
  /** Name of the Cluster. */
  readonly cluster: string;
  readonly standing: Standing;
}

/**
 * verdictOn decides about an object that stands where a copy shall be. `wanted` is the copy in the form
 * in which it would be created.
 */
export function verdictOn(
  existing: KubeObject,
  wanted: KubeObject,
  { cluster, standing }: Situation,
): Verdict {
  if (standing === 'Foreign') return 'Foreign';
  if (existing.metadata.deletionTimestamp !== undefined) return 'Leaving';
  const same = sourceUidOf(existing) === sourceUidOf(wanted);
  if (same) return contentMissing(wanted, existing) === undefined ? 'Adopt' : 'Overwrite';
  return isLeftover(existing, cluster, standing) || isOurs(existing, cluster)
    ? 'Overwrite'
    : 'Foreign';
}

/** sourceUidOf is the uid that a copy has on the side that it came from. */
export function sourceUidOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[SOURCE_UID_ANNOTATION];
}

/** contentMissing is the path of the first thing that a copy lacks, status aside; undefined when all is there. */
export function contentMissing(wanted: KubeObject, copy: KubeObject): string | undefined {
  const { status: _status, ...content } = wanted;
  return missingIn(copy, content);
}

function isLeftover(existing: KubeObject, cluster: string, standing: Standing): boolean {
  if (standing === 'Current') return false;
  if (sourceUidOf(existing) !== undefined) return true;
  if (standing !== 'Leftover') return false;
  return (
    isClusterApi(existing) || belongsByItself(cluster, existing) || ownersOf(existing).length > 0
  );
}

/** Secrets that the provider itself has put there for this cluster: credentials, kubeconfig. */
function isOurs({ kind, metadata }: KubeObject, cluster: string): boolean {
  return kind === 'Secret' && metadata.labels?.[CLUSTER_LABEL] === cluster;
}
