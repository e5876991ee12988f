import { setTimeout as delay } from 'node:timers/promises';
import { isConflict, isNotFound } from '../../lib/kube/errors.ts';
import type { NodeContext } from './node-context.ts';

/** RETRY_MS is the retry interval. */
export const RETRY_MS = 500;

/** Persistence is the log message of failures, and the end of the retries. */
export interface Persistence extends Pick<NodeContext, 'log'> {
  /** Log message before the reason. */
  readonly failing: string;
  readonly signal?: AbortSignal;
}

/** persist retries work until it succeeds or is obsolete: the object was deleted or replaced. */
export async function persist(
  action: () => Promise<unknown>,
  { failing, log, signal }: Persistence,
): Promise<void> {
  function isOver(): boolean {
    return signal?.aborted === true;
  }
  while (!isOver()) {
    try {
      await action();
      return;
    } catch (error) {
      if (isOver() || isNotFound(error) || isConflict(error)) return;
      log(`${failing}:`, error);
      await delay(RETRY_MS);
    }
  }
}
