import type { Outcome } from '../../lib/reconcile/outcome.ts';
import type { Scope } from './scope.ts';

/**
 * Step is one step of the protocol (DESIGN 6). It sees for itself how far it is, does what is left, and says
 * how it stands; it may be cut off at any request and run again by another process.
 */
export interface Step {
  /** As it stands in `Pivot.status.steps`. */
  readonly name: string;
  run(scope: Scope): Promise<Outcome>;
}
