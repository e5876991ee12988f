import type { KubeObject } from '../core/object.ts';
import { isConflict, isNotFound } from '../kube/errors.ts';
import { addFinalizer, type Patcher, removeFinalizer } from '../kube/finalizers.ts';
import type { Key, Reconciler, Result } from './controller.ts';
import type { Outcome } from './outcome.ts';

/**
 * Ending is how a pass ended: with the outcome of its steps, without starting because of a pause, or with a
 * failure.
 */
export type Ending = Outcome<unknown> | Paused | Failed;

/** Paused says that reconciliation of the object is paused. */
export interface Paused {
  readonly kind: 'Paused';
}

/** Failed says that a pass failed and is retried with a back-off. Conflicts are not reported. */
export interface Failed {
  readonly kind: 'Failed';
  readonly error: unknown;
}

/** ManagedKind contains the parts that differ between the kinds that {@link managed} reconciles. */
export interface ManagedKind {
  /** Name of the controller in logs and metrics. */
  readonly name: string;
  /** The API server with the objects. */
  readonly api: Patcher;
  /** Added before anything else is done, removed at the end of a deletion. */
  readonly finalizer: string;
  /** Reads the object; undefined if it does not exist. */
  read(key: Key): Promise<KubeObject | undefined>;
  /** Annotations that the object gets with the finalizer; none if absent. */
  marksOf?(object: KubeObject): Readonly<Record<string, string>>;
  /** Whether the object gets the finalizer. An object that is being deleted never gets one. */
  isHeld(object: KubeObject): boolean;
  /** Starts a pass over the object, which has the finalizer by now. */
  begin(object: KubeObject, key: Key, signal: AbortSignal): Promise<ManagedPass>;
  /** Called when the object no longer exists, to remove everything that is remembered about it. */
  forget(key: Key): void;
}

/** ManagedPass is one pass over one object. */
export interface ManagedPass {
  /** The object as it was last read or written. */
  readonly object: KubeObject;
  /** Whether reconciliation is paused. */
  readonly paused: boolean;
  /** Runs the steps; on a deletion, those that clean up. Done means that nothing is left to do. */
  run(): Promise<Outcome<unknown>>;
  /** Reports on the object how the pass ended: conditions, events. Called once a pass; its own failure is only logged. */
  report(ending: Ending): Promise<void>;
  /** Called when nothing is left to do; on a deletion, after the finalizer was removed. */
  ended(): void;
}

/** The user may fix the problem on another API server, which triggers no event here. */
const STALLED_MS = 15_000;

/**
 * managed is the common reconcile loop of our own kinds, like `managed.Reconciler` of crossplane-runtime
 * v2: read, add finalizer, check pause, run steps, report, remove finalizer. It defines the order; the kind
 * defines the actions.
 */
export function managed(kind: ManagedKind): Reconciler {
  return {
    name: kind.name,
    async reconcile(key, signal) {
      const found = await kind.read(key);
      if (found === undefined) {
        kind.forget(key);
        return {};
      }
      const object = await held(kind, found);
      // It is gone since it was read: its event is on the way.
      if (object === undefined) return {};
      return runPass(kind, await kind.begin(object, key, signal), signal);
    },
  };
}

/** Adds the finalizer; undefined if the object no longer exists. */
async function held(kind: ManagedKind, object: KubeObject): Promise<KubeObject | undefined> {
  if (!kind.isHeld(object)) return object;
  try {
    return await addFinalizer(kind.api, object, kind.finalizer, kind.marksOf?.(object));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** runPass runs one pass from the check of the pause on; see {@link managed}. */
export async function runPass(
  { api, finalizer }: Pick<ManagedKind, 'api' | 'finalizer'>,
  pass: ManagedPass,
  signal: AbortSignal,
): Promise<Result> {
  if (pass.paused) {
    await pass.report({ kind: 'Paused' });
    return {};
  }
  const outcome = await reported(pass, signal);
  if (outcome.kind === 'Done') {
    const { deletionTimestamp } = pass.object.metadata;
    if (deletionTimestamp !== undefined) await removeFinalizer(api, pass.object, finalizer);
    pass.ended();
  }
  return resultOf(outcome);
}

async function reported(pass: ManagedPass, signal: AbortSignal): Promise<Outcome<unknown>> {
  const outcome = await pass.run().catch((error: unknown) => failed(pass, signal, error));
  await pass.report(outcome);
  return outcome;
}

async function failed(pass: ManagedPass, signal: AbortSignal, error: unknown): Promise<never> {
  if (!isConflict(error) && !signal.aborted) {
    // The original error matters more than a failure to report it.
    await pass.report({ kind: 'Failed', error }).catch(() => undefined);
  }
  throw error;
}

function resultOf(outcome: Outcome<unknown>): Result {
  if (outcome.kind === 'Stalled' || outcome.kind === 'GiveUp') {
    return { requeueAfterMs: STALLED_MS };
  }
  const { requeueAfterMs } = outcome;
  return requeueAfterMs === undefined ? {} : { requeueAfterMs };
}
