import { Registry } from 'prom-client';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { createLogger, type Logger } from '../../../lib/log.ts';
import { createControllerMetrics } from '../../../lib/reconcile/metrics.ts';
import type { ProviderDeps } from '../../../provider/deps.ts';
import { pivotController } from '../../../provider/pivot/controller.ts';
import { runControllers } from '../../../provider/run-controllers.ts';
import { NOTHING_ALLOWED } from '../../fake/provider-options.ts';

/** ProviderInProcess is the Pivot controller alone, in the process of the test. */
export interface ProviderInProcess {
  readonly deps: ProviderDeps;
  stop(): Promise<void>;
}

/** ProviderSides are the API servers as the controller shall see them. */
export interface ProviderSides {
  readonly management: KubeApi;
  readonly workload: KubeApi;
  readonly log?: Logger;
}

/** depsOf is the world of a controller over two given API servers. */
export function depsOf({ management, workload, log }: ProviderSides): ProviderDeps {
  return {
    management,
    workload: () => Promise.resolve(workload),
    log: log ?? createLogger('silent'),
    events: { event: () => undefined },
    metrics: new Registry(),
    clock: { now: () => new Date() },
    options: {
      managementEndpoint: 'https://unused.example.com',
      managementAuthority: '',
      agentImage: 'unused',
      version: '0.0.0',
      allowed: NOTHING_ALLOWED,
    },
  };
}

/** runPivotController runs it until it is stopped. */
export function runPivotController(sides: ProviderSides): ProviderInProcess {
  const deps = depsOf(sides);
  const stop = new AbortController();
  const ended = runControllers(
    [pivotController(deps)],
    {
      management: sides.management,
      log: deps.log,
      metrics: createControllerMetrics(deps.metrics),
      workers: 1,
    },
    stop.signal,
  );
  return {
    deps,
    async stop() {
      stop.abort();
      await ended;
    },
  };
}
