import { Gauge, Histogram, type Registry } from 'prom-client';

/** TeardownMetrics record how teardowns proceed. */
export interface TeardownMetrics {
  /** A composite was removed, by which policy, and after how many seconds. */
  ended(policy: 'Delete' | 'Orphan', seconds: number): void;
  /** Whether a teardown is blocked, and why; it counts until it continues or is forgotten. */
  blocked(key: string, reason: string | undefined): void;
}

/** teardownMetrics registers the metrics of teardowns. */
export function teardownMetrics(registry: Registry): TeardownMetrics {
  const registers = [registry];
  const blocked = new Map<string, string>();
  const seconds = new Histogram({
    name: 'managedcluster_teardown_seconds',
    help: 'Seconds from the deletion of a composite until its cluster was removed or released.',
    labelNames: ['policy'],
    buckets: [5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200],
    registers,
  });
  const gauge = new Gauge({
    name: 'managedcluster_teardown_blocked',
    help: 'Teardowns that cannot continue until a user acts.',
    labelNames: ['reason'],
    registers,
  });
  return {
    ended: (policy, took) => seconds.observe({ policy }, took),
    blocked(key, reason): void {
      if (reason === undefined) blocked.delete(key);
      else blocked.set(key, reason);
      gauge.reset();
      for (const why of blocked.values()) gauge.inc({ reason: why });
    },
  };
}
