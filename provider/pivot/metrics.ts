import { Counter, Histogram, type Registry } from 'prom-client';

/** PivotMetrics are the metrics of this process about its pivots. */
export interface PivotMetrics {
  /** Seconds that a step took in one pass. */
  step(name: string, seconds: number): void;
  /** Seconds in which no controller reconciled a cluster. */
  unmanaged(direction: string, seconds: number): void;
  /** An attempt was resumed that another process or an earlier pass started. */
  resumed(): void;
  /** The fence refused a request of the provider. */
  fenced(): void;
}

const STEP_BUCKETS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60, 300];
const UNMANAGED_BUCKETS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 60, 300, 600];

/** createPivotMetrics registers the metrics; call it once per registry. */
export function createPivotMetrics(registry: Registry): PivotMetrics {
  const registers = [registry];
  const steps = new Histogram({
    name: 'managedcluster_pivot_step_seconds',
    help: 'Seconds that a step of a pivot took in one pass',
    labelNames: ['step'],
    buckets: STEP_BUCKETS,
    registers,
  });
  const unmanaged = new Histogram({
    name: 'managedcluster_pivot_unmanaged_seconds',
    help: 'Seconds from fence to activation, in which no controller reconciled the cluster',
    labelNames: ['direction'],
    buckets: UNMANAGED_BUCKETS,
    registers,
  });
  const resumptions = new Counter({
    name: 'managedcluster_pivot_resumptions_total',
    help: 'Attempts that were resumed after the process that started them ended',
    registers,
  });
  const fenced = new Counter({
    name: 'managedcluster_fenced_writes_total',
    help: 'Requests of the provider that the fence refused',
    registers,
  });
  return {
    step: (step, seconds) => steps.observe({ step }, seconds),
    unmanaged: (direction, seconds) => unmanaged.observe({ direction }, seconds),
    resumed: () => resumptions.inc(),
    fenced: () => fenced.inc(),
  };
}
