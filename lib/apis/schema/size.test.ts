import { describe, expect, it } from '@jest/globals';
import { planStatus } from './cluster-plan.ts';
import { agentInstallationStatus, pivotStatus } from './managed.ts';
import type { Schema } from './schema.ts';

/** What an API server with default flags takes as one object is more than 1 MiB; a character has at most four bytes. */
const MOST_CHARACTERS = 256 * 1024;

/** Characters of the largest JSON that the schema allows; fields in `open` count for nothing. */
function largest(schema: Schema, open: readonly string[] = []): number {
  const { type, properties, items, maxItems = Infinity } = schema;
  if (type === 'object' && properties !== undefined) {
    return Object.entries(properties)
      .filter(([name]) => !open.includes(name))
      .reduce((sum, [name, field]) => sum + name.length + 4 + largest(field, open), 2);
  }
  if (type === 'array') return 2 + maxItems * (1 + largest(items ?? {}, open));
  if (type === 'string') return 2 + longestText(schema);
  return type === 'boolean' || type === 'integer' ? 20 : Infinity;
}

function longestText({ enum: values, format, maxLength = Infinity }: Schema): number {
  if (values !== undefined) return Math.max(...values.map((value) => JSON.stringify(value).length));
  return format === 'date-time' ? 30 : maxLength;
}

describe('the largest status', () => {
  it.each([
    ['of a ClusterPlan, which the cluster writes', planStatus, []],
    ['of an AgentInstallation', agentInstallationStatus, []],
    // Who is moved is what the provider has read, 5000 objects at most; the journal has no text of the cluster.
    ['of a Pivot without its lists of objects', pivotStatus, ['moved', 'skipped', 'journal']],
  ])('%s', (_reason, schema, open) => {
    expect(largest(schema, open)).toBeLessThan(MOST_CHARACTERS);
  });

  it('is not limited by a schema without limits', () => {
    expect(largest({ type: 'object', properties: { a: { type: 'string' } } })).toBe(Infinity);
    expect(largest({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true })).toBe(
      Infinity,
    );
  });
});
