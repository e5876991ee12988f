import { beforeAll, describe, expect, it } from '@jest/globals';
import { ownKinds } from '../hack/generator/own-kinds.ts';
import type { ClusterPlanStatus } from '../lib/apis/cluster-plan.generated.ts';
import type { PivotStatus } from '../lib/apis/pivot.generated.ts';
import { planStatus } from '../lib/apis/schema/cluster-plan.ts';
import { clusterStatus } from '../lib/apis/schema/cluster-status.ts';
import { agentInstallationStatus, pivotStatus } from '../lib/apis/schema/managed.ts';
import { managementSideStatus } from '../lib/apis/schema/management-side.ts';
import { conditions, keyedList, list, object, text } from '../lib/apis/schema/schema.ts';
import { clusterStatuses } from './fields/statuses/clusters.ts';
import { installationStatuses } from './fields/statuses/installations.ts';
import { pivotStatuses } from './fields/statuses/pivots.ts';
import { planStatuses } from './fields/statuses/plans.ts';
import { sideStatuses } from './fields/statuses/sides.ts';
import { unnamed, unwritten } from './fields/written.ts';

describe('every field of a status', () => {
  let plans: readonly ClusterPlanStatus[];
  let pivots: readonly PivotStatus[];
  let clusters: readonly unknown[];

  beforeAll(async () => {
    plans = planStatuses();
    pivots = await pivotStatuses();
    const last = pivots.find(({ unmanagedSeconds }) => unmanagedSeconds !== undefined) ?? {};
    clusters = clusterStatuses(plans.map((plan) => ({ plan, pivot: last })));
  }, 60_000);

  it('of a ManagedCluster is written by function or provider, but for what Crossplane adds', () => {
    expect(unwritten(clusterStatus, clusters)).toEqual(['conditions[].observedGeneration']);
    expect(unnamed(clusterStatus, clusters)).toEqual([]);
  });

  it('of a ClusterPlan is written by the agent', () => {
    expect(unwritten(planStatus, plans)).toEqual([]);
    expect(unnamed(planStatus, plans)).toEqual([]);
  });

  it('of an AgentInstallation is written by the provider', async () => {
    const statuses = await installationStatuses();
    expect(unwritten(agentInstallationStatus, statuses)).toEqual([]);
    expect(unnamed(agentInstallationStatus, statuses)).toEqual([]);
  });

  it('of a Pivot is written by the provider', () => {
    expect(unwritten(pivotStatus, pivots)).toEqual([]);
    expect(unnamed(pivotStatus, pivots)).toEqual([]);
  });

  it('of a ManagementSide is written by the provider', async () => {
    const statuses = await sideStatuses();
    expect(unwritten(managementSideStatus, statuses)).toEqual([]);
    expect(unnamed(managementSideStatus, statuses)).toEqual([]);
  });

  it('is looked at here', () => {
    const reporting = ownKinds.filter(({ status }) => status !== undefined);
    expect(reporting.map(({ kind }) => kind)).toEqual([
      'ClusterPlan',
      'AgentInstallation',
      'Pivot',
      'ManagementSide',
    ]);
  });

  it('is found when nothing writes it: in every entry, every value and every condition', () => {
    const schema = object('Made up.', {
      written: text('Written.'),
      phase: text('One value is never had.', { enum: ['Begun', 'Ended', 'Lost'] }),
      pools: list('Pools.', object('Pool.', { name: text('Of both.'), size: text('Of one.') })),
      layers: keyedList('Layers.', 'name', object('Layer.', { name: text('Of none.') })),
      conditions: conditions('Ready, Valid; Synced is that of Crossplane.'),
    });
    const rest = { reason: 'R', message: '', observedGeneration: 1, lastTransitionTime: 't' };
    const statuses = [
      { written: 'a', phase: 'Begun', conditions: [{ type: 'Ready', status: 'True', ...rest }] },
      { phase: 'Ended', pools: [{ name: 'a' }, { name: 'b', size: '' }], layers: [] },
      { conditions: [{ type: 'Other', status: 'False', ...rest }] },
    ];
    expect(unwritten(schema, statuses)).toEqual([
      'phase="Lost"',
      'layers[].name',
      'conditions[Valid]',
    ]);
    expect(unnamed(schema, statuses)).toEqual(['Other']);
  });
});
