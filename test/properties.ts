import { jest } from '@jest/globals';
import * as fc from 'fast-check';

/**
 * The one door to fast-check: every property draws from jest's seed, which `npm test` prints, so that
 * `npm test -- --seed=<seed>` draws the same values again.
 */
export * as fc from 'fast-check';

/** How often each property is tried instead of its own number, for one thorough run. */
const wanted = Number(process.env['PROPERTY_RUNS'] ?? Number.NaN);

fc.configureGlobal({
  seed: jest.getSeed(),
  ...(Number.isInteger(wanted) ? { numRuns: wanted } : {}),
});

/** runs is how often a property is tried, unless PROPERTY_RUNS says otherwise. */
export function runs(usual: number): { readonly numRuns: number } {
  return { numRuns: Number.isInteger(wanted) ? wanted : usual };
}
