import type { KubeObject } from '../../lib/core/object.ts';
import { isNotFound } from '../../lib/kube/errors.ts';
import { writeStatus } from '../../lib/reconcile/write-status.ts';
import { deletingStatus, type Progress } from '../core/teardown/deleting-status.ts';
import type { Subject } from '../core/teardown/subject.ts';
import type { Pass } from './step.ts';

/** tellProgress tells an Event on composite and claim when something else is waited for than before. */
export function tellProgress(
  { deps, subject, book }: Pass,
  { reason, message }: Progress,
  type: 'Normal' | 'Warning',
): void {
  if (book.journal.told === reason) return;
  book.note((journal) => ({ ...journal, told: reason }));
  for (const object of shownOn(subject)) deps.events.event(object, type, reason, message);
}

/** showProgress writes what is waited for to composite and claim. */
export async function showProgress(
  { deps, subject, now }: Pass,
  progress: Progress,
): Promise<void> {
  if (subject.gone) return;
  const objects = shownOn(subject);
  await Promise.all(objects.map((object) => write(deps.management, object, progress, now())));
}

function shownOn({ composite, claim }: Subject): readonly KubeObject[] {
  return claim === undefined ? [composite] : [composite, claim];
}

async function write(
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
