import type { Registry } from 'prom-client';
import type { KubeApi } from '../lib/kube/api.ts';
import type { Logger } from '../lib/log.ts';
import {
  type DiagnosticsServer,
  healthRoutes,
  metricsRoutes,
  MOST_SCRAPERS,
  startDiagnostics,
} from '../lib/program/diagnostics.ts';
import { metricsAuth } from '../lib/program/metrics-auth.ts';
import type { ProgramOptions } from './options.ts';

/** ServerParts are what the servers show, and whom they ask. */
export interface ServerParts {
  /** The management side; not limited to the leader, because a standby replica has metrics too. */
  readonly api: Pick<KubeApi, 'raw'>;
  readonly registry: Registry;
  readonly log: Logger;
}

/** startServers serves metrics and health. A standby replica is as healthy and ready as the leader. */
export function startServers(
  {
    metricsPort,
    metricsAuth: guarded,
    metricsCertsDir: dir,
    healthPort,
  }: Pick<ProgramOptions, 'metricsPort' | 'metricsAuth' | 'metricsCertsDir' | 'healthPort'>,
  { api, registry, log }: ServerParts,
): Promise<readonly [DiagnosticsServer, DiagnosticsServer]> {
  const guard = guarded ? metricsAuth({ api, log }) : undefined;
  const tls = dir === undefined ? undefined : { dir };
  return Promise.all([
    startDiagnostics(
      { port: metricsPort, tls, mostConnections: MOST_SCRAPERS, log },
      metricsRoutes(registry, guard),
    ),
    startDiagnostics({ port: healthPort, log }, healthRoutes([], [])),
  ]);
}
