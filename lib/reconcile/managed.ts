import type { KubeObject } from '../core/object.ts';
import { isConflict, isNotFound } from '../kube/errors.ts';
import { addFinalizer, type Patcher, removeFinalizer } from '../kube/finalizers.ts';
import type { Key, Reconciler, Result } from './controller.ts';
import type { Outcome } from './outcome.ts';

/** Ending is how a pass ended: as its steps say, or not begun because of a pause, or with a failure. */
export type Ending = Outcome<unknown> | Paused | Failed;

/** Paused: nothing may be done for the object. */
export interface Paused {
  readonly kind: 'Paused';
}

/** Failed: something went wrong that is tried again with a back-off. Conflicts are not told: they are no news. */
export interface Failed {
  readonly kind: 'Failed';
  readonly error: unknown;
}

/** ManagedKind is what differs between the kinds that are reconciled by {@link managed}. */
export interface ManagedKind {
  /** Name of the controller in logs and metrics. */
  readonly name: string;
  /** The API server that the objects are on. */
  readonly api: Patcher;
  /** Put on before anything is begun, taken off when a deletion has come to its end. */
  readonly finalizer: string;
  /** The object; undefined when it is gone. */
  read(key: Key): Promise<KubeObject | undefined>;
  /** Whether the object shall bear the finalizer. What is being deleted gets none in any case. */
  isHeld(object: KubeObject): boolean;
  /** Begins a pass over the object, which bears the finalizer by now. */
  begin(object: KubeObject, key: Key, signal: AbortSignal): Promise<ManagedPass>;
  /** The object is gone: whatever is remembered of it goes, too. */
  forget(key: Key): void;
}

/** ManagedPass is one pass over one object. */
export interface ManagedPass {
  /** As it was last read or written. */
  readonly object: KubeObject;
  /** Nothing may be done. */
  readonly paused: boolean;
  /** Runs the steps; on a deletion, those that clean up. Done means that nothing is left to do. */
  run(): Promise<Outcome<unknown>>;
  /** Tells on the object how the pass ended: conditions, events. Called once a pass; when it fails itself, that is only logged. */
  report(ending: Ending): Promise<void>;
  /** Nothing is left to do; of an object that is being deleted, the finalizer is off. */
  ended(): void;
}

/** What a user mends may be on another API server, which wakes nobody here. */
const STALLED_MS = 15_000;

/**
 * managed is the one way in which objects of ours are reconciled, as `managed.Reconciler` is that of
 * crossplane-runtime v2: read, finalizer, pause, steps, report, finalizer off. It says when; the kind says what.
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

async function held(kind: ManagedKind, object: KubeObject): Promise<KubeObject | undefined> {
  if (!kind.isHeld(object)) return object;
  try {
    return await addFinalizer(kind.api, object, kind.finalizer);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** runPass is one pass from the pause on; see {@link managed}. */
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
    // What went wrong matters more than that it could not be told.
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
