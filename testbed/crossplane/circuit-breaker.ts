/**
 * The settings of Crossplane's circuit breaker, as in docs/install.md: the life cycle of a cluster, in which
 * Cluster API changes its objects some hundred times in minutes, must not open it, but two controllers that
 * fight over an object must. A change takes two tokens (core v2.3.4, internal/circuit).
 */
export const CIRCUIT_BREAKER = { burst: 500, refillPerSecond: 5 } as const;

/** circuitBreakerFlags are the flags of Crossplane's core for it. */
export function circuitBreakerFlags(): readonly string[] {
  const { burst, refillPerSecond } = CIRCUIT_BREAKER;
  return [`--circuit-breaker-burst=${burst}`, `--circuit-breaker-refill-rate=${refillPerSecond}`];
}
