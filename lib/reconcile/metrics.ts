import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** PassResult is the result of a reconcile, with the values of the controller-runtime metrics. */
export type PassResult = 'success' | 'requeue' | 'requeue_after' | 'error' | 'terminal_error';

/** ControllerMetrics record what controllers do. */
export interface ControllerMetrics {
  passed(controller: string, result: PassResult, seconds: number): void;
  depth(controller: string, keys: number): void;
}

/**
 * Creates metrics with the names and labels of controller-runtime, so that existing dashboards and alerts
 * work (sigs.k8s.io/controller-runtime v0.23 pkg/internal/controller/metrics).
 */
export function createControllerMetrics(registry: Registry): ControllerMetrics {
  const registers = [registry];
  const total = new Counter({
    name: 'controller_runtime_reconcile_total',
    help: 'Total number of reconciliations per controller',
    labelNames: ['controller', 'result'],
    registers,
  });
  const seconds = new Histogram({
    name: 'controller_runtime_reconcile_time_seconds',
    help: 'Length of time per reconciliation per controller',
    labelNames: ['controller'],
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const depth = new Gauge({
    name: 'workqueue_depth',
    help: 'Current depth of workqueue',
    labelNames: ['name'],
    registers,
  });
  return {
    passed(controller, result, took): void {
      total.inc({ controller, result });
      seconds.observe({ controller }, took);
    },
    depth: (name, keys) => depth.set({ name }, keys),
  };
}
