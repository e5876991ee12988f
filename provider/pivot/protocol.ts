import type { Step } from './step.ts';
import { activate } from './steps/activate.ts';
import { awaitAcknowledgement } from './steps/await-acknowledgement.ts';
import { commit } from './steps/commit.ts';
import { copy } from './steps/copy.ts';
import { fence } from './steps/fence.ts';
import { prepare } from './steps/prepare.ts';
import { release } from './steps/release.ts';
import { restoreStatus } from './steps/restore-status.ts';
import { retire } from './steps/retire.ts';
import { verify } from './steps/verify.ts';

/** BEFORE_COMMIT are the steps that an abort takes back. */
export const BEFORE_COMMIT: readonly Step[] = [
  prepare,
  fence,
  copy,
  restoreStatus,
  verify,
  release,
  commit,
];

/** AFTER_COMMIT are the steps that only go forward. */
export const AFTER_COMMIT: readonly Step[] = [activate, awaitAcknowledgement, retire];

/** PROTOCOL is a pivot (DESIGN 6), in either direction. */
export const PROTOCOL: readonly Step[] = [...BEFORE_COMMIT, ...AFTER_COMMIT];
