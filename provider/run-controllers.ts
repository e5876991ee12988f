import { canonicalJson } from '../lib/core/hash.ts';
import { aborted } from '../lib/aborted.ts';
import { messageOf } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import type { Logger } from '../lib/log.ts';
import { type Controller, createController } from '../lib/reconcile/controller.ts';
import { createInformer, type Informer } from '../lib/reconcile/informer.ts';
import { PACE } from '../lib/reconcile/pace.ts';
import type { ControllerMetrics } from '../lib/reconcile/metrics.ts';
import type { ControllerParts, Source } from './deps.ts';

/** RunControllersDeps are the dependencies of {@link runControllers}. */
export interface RunControllersDeps {
  readonly management: KubeApi;
  readonly log: Logger;
  readonly metrics: ControllerMetrics;
  /** Concurrent reconciles of a controller without its own setting. */
  readonly workers: number;
}

/**
 * Runs controllers until the signal, with one watch for each kind and selector that they share. Nothing
 * waits for a kind that is not served (yet): controllers read what they need, and the watch only triggers
 * them. Resolves when all reconciles have ended.
 */
export async function runControllers(
  all: readonly ControllerParts[],
  { management, log, metrics, workers }: RunControllersDeps,
  signal: AbortSignal,
): Promise<void> {
  const informers = new Map<string, Informer>();

  function informerOf({ type, options = {} }: Source): Informer {
    const id = canonicalJson({ ...type, ...options });
    const informer = informers.get(id) ?? createInformer(management, type, { ...options, log });
    informers.set(id, informer);
    return informer;
  }

  const controllers = all.map((parts) => {
    const pace = parts.pace ?? PACE;
    const options = { log, metrics, pace, workers: parts.workers ?? workers };
    const controller = createController(parts.reconciler, options);
    for (const source of parts.sources) wake(controller, source, informerOf(source));
    for (const key of parts.initial ?? []) controller.enqueue(key);
    return controller;
  });
  const names = all.map(({ reconciler }) => reconciler.name);
  log.info({ controllers: names, watches: informers.size }, 'controllers started');
  const watching = [...informers.values()].map((informer) => informer.run(signal));
  const working = controllers.map((controller) => controller.run(signal));
  await Promise.all([aborted(signal), ...working, ...watching]).catch((error: unknown) => {
    throw new Error(`cannot run the controllers: ${messageOf(error)}`, { cause: error });
  });
  log.info('controllers stopped');
}

function wake(controller: Controller, source: Source, informer: Informer): void {
  informer.onEvent(({ type, object }) => {
    if (type === 'SYNCED') return;
    for (const key of source.toKeys(object)) controller.enqueue(key);
  });
}
