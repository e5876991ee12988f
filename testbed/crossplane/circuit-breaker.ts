/**
 * What Crossplane's circuit breaker is set to, as docs/install.md says: the life of a cluster, in which
 * Cluster API changes its objects some hundred times in minutes, must not open it, while two controllers
 * that fight over an object still do. A change takes two tokens (core v2.3.4, internal/circuit).
 */
export const CIRCUIT_BREAKER = { burst: 500, refillPerSecond: 5 } as const;

/** circuitBreakerFlags are the flags of Crossplane's core for it. */
export function circuitBreakerFlags(): readonly string[] {
  const { burst, refillPerSecond } = CIRCUIT_BREAKER;
  return [`--circuit-breaker-burst=${burst}`, `--circuit-breaker-refill-rate=${refillPerSecond}`];
}
