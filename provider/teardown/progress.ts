import type { KubeObject } from '../../lib/core/object.ts';
import { messageOf } from '../../lib/errors.ts';
import { isNotFound } from '../../lib/kube/errors.ts';
import type { Ending } from '../../lib/reconcile/managed.ts';
import type { Open } from '../../lib/reconcile/outcome.ts';
import { PAUSED } from '../../lib/reconcile/synced.ts';
import { writeStatus } from '../../lib/reconcile/write-status.ts';
import { nameTakenIn } from '../stamped.ts';
import { deletingStatus, type Progress } from '../core/teardown/deleting-status.ts';
import { withStep } from '../core/teardown/journal.ts';
import type { Subject } from '../core/teardown/subject.ts';
import type { Pass } from './pass.ts';
import type { ReportStore } from './report-store.ts';

/** reportEnding reports how a pass ended: in the report, on composite and claim, and with an Event. */
export async function reportEnding(pass: Pass, store: ReportStore, ending: Ending): Promise<void> {
  switch (ending.kind) {
    case 'Paused':
      return show(pass, PAUSED);
    case 'Failed':
      return reportFailure(pass, store, ending.error);
    case 'Done':
      return reportEnd(pass, store);
    case 'Wait':
    case 'Stalled':
    case 'GiveUp':
      return reportOpen(pass, store, ending);
  }
}

/** isStuck reports whether a teardown is blocked until a user acts. */
export function isStuck(ending: Ending): ending is Open {
  if (ending.kind === 'Wait') return ending.reason === 'TeardownBlocked';
  return ending.kind === 'Stalled' || ending.kind === 'GiveUp';
}

/** The journal is written first, because later steps rely on it; a conflict on the status is retried. */
async function reportOpen(pass: Pass, store: ReportStore, open: Open): Promise<void> {
  tell(pass, open, isStuck(open) ? 'Warning' : 'Normal');
  await write(pass, store, open.message);
  await show(pass, open);
}

/** Either write may be the one that fails. */
async function reportFailure(pass: Pass, store: ReportStore, error: unknown): Promise<void> {
  const message = `${messageOf(error)}; retrying`;
  const progress: Progress = { reason: 'TeardownFailed', message };
  tell(pass, progress, 'Warning');
  await show(pass, progress).catch(() => undefined);
  await write(pass, store, message);
}

/** The report is final before the composite is released. */
async function reportEnd(pass: Pass, store: ReportStore): Promise<void> {
  const { journal, now } = pass;
  journal.note((one) => ({
    ...withStep(one, undefined, now()),
    endTime: one.endTime ?? now(),
  }));
  await write(pass, store);
}

/** Without its report nothing goes on; the failure of a pass is reported by its caller, this one by nobody else. */
async function write(pass: Pass, store: ReportStore, waiting?: string): Promise<void> {
  try {
    await store.write(pass.subject, pass.journal.current, waiting);
  } catch (error) {
    const taken = nameTakenIn(error);
    if (taken !== undefined) {
      const progress: Progress = { reason: 'NameTaken', message: taken.message };
      tell(pass, progress, 'Warning');
      await show(pass, progress).catch(() => undefined);
    }
    throw error;
  }
}

/** Emits an Event on composite and claim when the reason changes. */
function tell(
  { deps, subject, journal }: Pass,
  { reason, message }: Progress,
  type: 'Normal' | 'Warning',
): void {
  if (journal.current.told === reason) return;
  journal.note((one) => ({ ...one, told: reason }));
  for (const object of shownOn(subject)) deps.events.event(object, type, reason, message);
}

/** Shows what the teardown waits for on composite and claim. */
async function show({ deps, subject, now }: Pass, progress: Progress): Promise<void> {
  if (subject.gone) return;
  const objects = shownOn(subject);
  await Promise.all(
    objects.map((object) => writeProgress(deps.management, object, progress, now())),
  );
}

function shownOn({ composite, claim }: Subject): readonly KubeObject[] {
  return claim === undefined ? [composite] : [composite, claim];
}

async function writeProgress(
  api: Pass['deps']['management'],
  object: KubeObject,
  progress: Progress,
  now: string,
): Promise<void> {
  try {
    await writeStatus(api, object, deletingStatus(object, progress, now));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
