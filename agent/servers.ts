import type { Registry } from 'prom-client';
import type { Logger } from '../lib/log.ts';
import {
  type Check,
  type DiagnosticsServer,
  healthRoutes,
  metricsRoutes,
  MOST_SCRAPERS,
  startDiagnostics,
} from '../lib/program/diagnostics.ts';
import type { Options } from './options.ts';

/**
 * The agent is on the host network, where no NetworkPolicy limits who connects (facts/kubernetes.md 1), and a token would pass that network
 * in clear: so metrics are for programs on the same node.
 */
const METRICS_HOST = '127.0.0.1';

/** ServerParts are what the servers show, and where they log. */
export interface ServerParts {
  readonly registry: Registry;
  readonly ready: Check;
  readonly log: Logger;
}

/** startServers serves metrics on the node itself, and health on every address, because the kubelet asks that of the Pod. */
export function startServers(
  { metricsPort, healthPort }: Pick<Options, 'metricsPort' | 'healthPort'>,
  { registry, ready, log }: ServerParts,
): Promise<readonly [DiagnosticsServer, DiagnosticsServer]> {
  return Promise.all([
    startDiagnostics(
      { port: metricsPort, host: METRICS_HOST, mostConnections: MOST_SCRAPERS, log },
      metricsRoutes(registry),
    ),
    startDiagnostics({ port: healthPort, log }, healthRoutes([], [ready])),
  ]);
}
