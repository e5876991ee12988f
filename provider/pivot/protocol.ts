import { startingWith } from '../../lib/reconcile/steps.ts';
import { cleanTarget } from './steps/abort/clean-target.ts';
import { decideAbort } from './steps/abort/decide-abort.ts';
import { giveSourceBack } from './steps/abort/give-source-back.ts';
import { activate } from './steps/activate.ts';
import { adopt } from './steps/adopt.ts';
import { awaitAcknowledgement } from './steps/await-acknowledgement.ts';
import { commit } from './steps/commit.ts';
import { copy } from './steps/copy.ts';
import { fence } from './steps/fence.ts';
import { mark } from './steps/mark.ts';
import { prepare } from './steps/prepare.ts';
import { release } from './steps/release.ts';
import { restoreStatus } from './steps/restore-status.ts';
import { retire } from './steps/retire.ts';
import { verify } from './steps/verify.ts';

/** AFTER_COMMIT are the steps after the commit, which cannot be aborted. */
export const AFTER_COMMIT = startingWith(activate)
  .followedBy(awaitAcknowledgement)
  .followedBy(retire);

/** PROTOCOL is a pivot in either direction (DESIGN 6); it can be aborted until the commit. */
export const PROTOCOL = startingWith(prepare)
  .followedBy(fence)
  .followedBy(copy)
  .followedBy(restoreStatus)
  .followedBy(verify)
  .followedBy(release)
  .followedBy(commit)
  .followedBy(AFTER_COMMIT);

/** ADOPTION is a pivot that moves nothing (docs/decisions/0028). */
export const ADOPTION = startingWith(adopt).followedBy(mark);

/** UNDO reverts an attempt: the source first, because no controller reconciles the cluster until then. */
export const UNDO = startingWith(giveSourceBack).followedBy(cleanTarget);

/** ABORT ends an attempt before its commit. */
export const ABORT = startingWith(decideAbort).followedBy(UNDO);
