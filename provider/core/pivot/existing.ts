import { ACCESS_ANNOTATION } from '../../../lib/apis/access.ts';
import { CLUSTER_LABEL, SOURCE_UID_ANNOTATION } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { missingIn } from '../../../lib/core/subset.ts';
import { belongsByItself } from './belongs.ts';
import { isClusterApi, uidOf } from './identity.ts';
import { ownersOf } from '../../../lib/core/owners.ts';
import type { Attempt } from './journal.ts';
import { isMarkedForeign, ownershipOf } from './ownership.ts';

/** Verdict is what to do with an object that already exists on the target under the name of a copy. */
export type Verdict = 'Adopt' | 'Overwrite' | 'Leaving' | 'Foreign';

/** Standing is what the Cluster on the target implies for the objects around it. */
export type Standing =
  /** There is no Cluster: an object with a source-uid annotation is left from an earlier attempt. */
  | 'Absent'
  /** Created by this attempt. */
  | 'Current'
  /** Created by an earlier attempt, or left from before: fenced with a lower epoch. */
  | 'Leftover'
  /** Not created by this pivot, or active. */
  | 'Foreign';

/** standingOf classifies the Cluster on the target. */
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

/** Situation is the input of {@link verdictOn} besides the two objects. */
export interface Situation {
  /** Name of the Cluster. */
  readonly cluster: string;
  readonly standing: Standing;
  /** Whether an object is provably of this cluster; undefined: the target contains no other clusters. */
  readonly isOurs?: ((existing: KubeObject) => boolean) | undefined;
}

/**
 * verdictOn decides what to do with an object that already has the name of a copy. `wanted` is the copy as
 * it would be created.
 */
export function verdictOn(
  existing: KubeObject,
  wanted: KubeObject,
  { cluster, standing, isOurs: isProved }: Situation,
): Verdict {
  if (standing === 'Foreign') return 'Foreign';
  // The Cluster itself was judged by its standing; what a source says about uids proves nothing.
  if (wanted.kind !== 'Cluster' && isProved?.(existing) === false) return 'Foreign';
  if (existing.metadata.deletionTimestamp !== undefined) return 'Leaving';
  const same = sourceUidOf(existing) === sourceUidOf(wanted);
  if (same) return contentMissing(wanted, existing) === undefined ? 'Adopt' : 'Overwrite';
  return isLeftover(existing, cluster, standing) || isOurs(existing, cluster)
    ? 'Overwrite'
    : 'Foreign';
}

/**
 * withAccessOf is a wanted copy with the certificate that an earlier pass of the same attempt has issued (annotation
 * `access-epoch`): Cluster API may be connected by it already. Any other copy is wanted as it is.
 */
export function withAccessOf(existing: KubeObject, wanted: KubeObject): KubeObject {
  const epoch = accessEpochOf(wanted);
  const same = epoch !== undefined && accessEpochOf(existing) === epoch;
  if (!same || sourceUidOf(existing) !== sourceUidOf(wanted)) return wanted;
  return { ...wanted, data: existing['data'] };
}

/** accessEpochOf returns the epoch of the attempt that issued the certificate in a copied kubeconfig. */
export function accessEpochOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[ACCESS_ANNOTATION];
}

/** sourceUidOf returns the uid that the original of a copy has on the source. */
export function sourceUidOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[SOURCE_UID_ANNOTATION];
}

/**
 * contentMissing returns the path of the first field that a copy lacks, except status; undefined if it is
 * complete.
 */
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

/** Secrets that the provider created for this cluster: credentials, kubeconfig. */
function isOurs({ kind, metadata }: KubeObject, cluster: string): boolean {
  return kind === 'Secret' && metadata.labels?.[CLUSTER_LABEL] === cluster;
}
