import type { Subject } from '../core/teardown/subject.ts';
import type { Step } from './step.ts';
import { awaitCrossplane } from './steps/await-crossplane.ts';
import { deleteCluster } from './steps/delete-cluster.ts';
import { letGo } from './steps/let-go.ts';
import {
  releaseAnchor,
  releaseEscrow,
  releaseInstallation,
  releasePivots,
  releasePlan,
} from './steps/release.ts';
import { removeSecrets } from './steps/remove-secrets.ts';
import { settlePivot } from './steps/settle-pivot.ts';
import { shutDoor } from './steps/shut-door.ts';
import { takeBack } from './steps/take-back.ts';
import { takeInventory } from './steps/take-inventory.ts';

const RELEASE: readonly Step[] = [
  releaseInstallation,
  releasePivots,
  releasePlan,
  releaseAnchor,
  releaseEscrow,
];

const DELETE: readonly Step[] = [
  awaitCrossplane,
  settlePivot,
  takeInventory,
  takeBack,
  deleteCluster,
  removeSecrets,
  shutDoor,
];

const ORPHAN: readonly Step[] = [awaitCrossplane, settlePivot, letGo, shutDoor];

/** stepsFor is what is left of a teardown, in order. All of it is looked at in every pass. */
export function stepsFor({ orphan, removed }: Subject): readonly Step[] {
  if (removed) return RELEASE;
  return [...(orphan ? ORPHAN : DELETE), ...RELEASE];
}
