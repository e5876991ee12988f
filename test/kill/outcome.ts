import type { Side } from '../oracle/audit-event.ts';

/** Outcome is what came of one handover or teardown. */
export interface Outcome extends Hit {
  readonly cluster: string;
  readonly to: Side;
  /** What was done to it. */
  readonly disturbance: string;
  /** What was killed or went wrong, for sums: `provider`, `429 with Retry-After`; `none`. */
  readonly kind: string;
  /** Seconds from the start to Ready=True; absent when it never came. */
  readonly seconds?: number;
  /** Why it never came. */
  readonly stuck?: string;
  readonly findings: readonly string[];
  /** Nobody reconciled the cluster: by Pivot.status, and by the audit logs. */
  readonly unmanagedMs?: number;
  readonly auditedMs?: number;
  /** Seconds that the cluster took to come to rest before. */
  readonly rested?: number;
}

/** Hit is where a disturbance struck. */
export interface Hit {
  /** The write that it happened at; `-` where no write was aimed at. */
  readonly write: string;
  /** The step or phase that was told then. */
  readonly step: string;
}

/** NOT_REACHED is the write of a disturbance that never struck, because there were fewer writes. */
export const NOT_REACHED = 'not reached';

/** isStruck tells whether the disturbance took place. */
export function isStruck({ write, kind }: Pick<Outcome, 'write' | 'kind'>): boolean {
  return write !== NOT_REACHED && kind !== 'none';
}

/** Disturbance is begun before the Pivot is made, and waited for after it. */
export interface Disturbance {
  readonly name: string;
  readonly kind: string;
  /** Prepares it; what is returned ends it, and tells where it struck. */
  begin(step: () => Promise<string>): () => Promise<Hit>;
}

/** NONE leaves a handover alone. */
export const NONE: Disturbance = {
  name: 'none',
  kind: 'none',
  begin: () => () => Promise.resolve({ write: '-', step: '-' }),
};

/** Series is what a stage has done so far, and how much it was to do. */
export interface Series {
  readonly wanted: number;
  readonly outcomes: readonly Outcome[];
}

/** outcomeLine is an outcome on the terminal. */
export function outcomeLine(outcome: Outcome, number: number): string {
  const { cluster, to, disturbance, write, seconds, stuck, findings, rested } = outcome;
  const end = stuck === undefined ? `Ready after ${seconds?.toFixed(1)} s` : `STUCK: ${stuck}`;
  const found = findings.length === 0 ? 'all invariants hold' : `VIOLATED: ${findings.join('; ')}`;
  const before = rested === undefined ? '' : ` (rest ${rested.toFixed(1)} s)`;
  return `${number} ${cluster} to ${to}, ${disturbance} (${write}): ${end}${before}; ${found}`;
}
