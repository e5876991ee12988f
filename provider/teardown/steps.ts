import { inOrder, startingWith, type Steps } from '../../lib/reconcile/steps.ts';
import type { Subject } from '../core/teardown/subject.ts';
import type { Pass } from './pass.ts';
import { askFirst } from './steps/ask-first.ts';
import { deleteCluster, removeSecrets } from './steps/delete-cluster.ts';
import { letGo } from './steps/let-go.ts';
import {
  markRemoved,
  releaseAnchor,
  releaseEscrow,
  releaseInstallation,
  releasePivots,
  releasePlan,
} from './steps/release.ts';
import { awaitCrossplane, settlePivot } from './steps/settle.ts';
import { takeBack } from './steps/take-back.ts';
import { takeInventory } from './steps/take-inventory.ts';

const RELEASE = inOrder<Pass>([
  releaseInstallation,
  releasePivots,
  releasePlan,
  releaseAnchor,
  releaseEscrow,
]);

/** Both deletion policies start by settling which side owns the cluster. */
const SETTLE = startingWith(awaitCrossplane).followedBy(settlePivot);

const DELETE = SETTLE.followedBy(askFirst)
  .followedBy(takeInventory)
  .followedBy(takeBack)
  .followedBy(deleteCluster)
  .followedBy(removeSecrets)
  .followedBy(markRemoved)
  .followedBy(RELEASE);

const ORPHAN = SETTLE.followedBy(askFirst)
  .followedBy(letGo)
  .followedBy(markRemoved)
  .followedBy(RELEASE);

/** stepsFor returns the remaining steps of a teardown in order. Every pass checks all of them. */
export function stepsFor({ orphan, removed }: Subject): Steps<Pass> {
  if (removed) return RELEASE;
  return orphan ? ORPHAN : DELETE;
}
