import { setTimeout as delay } from 'node:timers/promises';
import { isConflict, isNotFound } from '../../lib/kube/errors.ts';
import type { NodeContext } from './node-context.ts';

/** RETRY_MS is the pause between two tries. */
export const RETRY_MS = 500;

/** Persistence says what is told of failures, and until when the work is tried. */
export interface Persistence extends Pick<NodeContext, 'log'> {
  /** What is told before the reason. */
  readonly failing: string;
  readonly signal?: AbortSignal;
}

/** persist does something, until it works or makes no sense any longer: the object is gone or another one. */
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
