import { describe, expect, it } from '@jest/globals';
import { clusterStatus } from '../lib/apis/schema/cluster-status.ts';
import type { Schema } from '../lib/apis/schema/schema.ts';
import {
  agentInstallationColumns,
  clusterColumns,
  pivotColumns,
  planColumns,
  profileColumns,
  type Column,
} from './generator/columns.ts';
import { ownKinds } from './generator/own-kinds.ts';

const METADATA: Schema = { properties: { creationTimestamp: {} } };

/** Follows a JSON path of a column: fields, a condition by its type, an entry by its index. */
function fieldAt(schema: Schema | undefined, path: string): Schema | undefined {
  const steps = path
    .replaceAll(/\[[^\]]*\]/g, '.[]')
    .split('.')
    .filter((step) => step !== '');
  return steps.reduce<Schema | undefined>(
    (one, step) => (step === '[]' ? one?.items : one?.properties?.[step]),
    schema,
  );
}

function kind(name: string): Schema {
  const { spec = {}, status = {} } = ownKinds.find((one) => one.kind === name) ?? {};
  return { properties: { spec, status, metadata: METADATA } };
}

describe('columns', () => {
  it.each<{ readonly of: string; readonly columns: readonly Column[]; readonly schema: Schema }>([
    {
      of: 'ManagedCluster',
      columns: clusterColumns,
      schema: { properties: { status: clusterStatus } },
    },
    { of: 'ClusterProfile', columns: profileColumns, schema: kind('ClusterProfile') },
    { of: 'ClusterPlan', columns: planColumns, schema: kind('ClusterPlan') },
    {
      of: 'AgentInstallation',
      columns: agentInstallationColumns,
      schema: kind('AgentInstallation'),
    },
    { of: 'Pivot', columns: pivotColumns, schema: kind('Pivot') },
  ])('of a $of show fields that there are', ({ columns, schema }) => {
    const missing = columns.filter(({ jsonPath }) => fieldAt(schema, jsonPath) === undefined);
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('show the version that runs, not the one that is wanted', () => {
    const version = clusterColumns.find(({ name }) => name === 'VERSION');
    expect(version?.jsonPath).toBe('.status.controlPlane.version');
  });
});
