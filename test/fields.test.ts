import { describe, expect, it } from '@jest/globals';
import type { Cloud } from '../capi/cloud.ts';
import { clouds } from '../capi/clouds/index.ts';
import { SMALLEST } from '../capi/testing/claims.ts';
import { clusterSpec } from '../lib/apis/schema/cluster-spec.ts';
import { planSpec } from '../lib/apis/schema/cluster-plan.ts';
import { profileSpec } from '../lib/apis/schema/cluster-profile.ts';
import { integer, list, object, text } from '../lib/apis/schema/schema.ts';
import { agentInstallationSpec, pivotSpec } from '../lib/apis/schema/managed.ts';
import { claimScenes } from './fields/claims.ts';
import { installationScenes } from './fields/installations.ts';
import { pivotScenes } from './fields/pivots.ts';
import { planScenes } from './fields/plans.ts';
import { profileScenes } from './fields/profiles.ts';
import { unread } from './fields/unread.ts';

/** Fields that change nothing by themselves, each with what it is there for. */
const CONSENTS = {
  // Chooses the block that is read; the claims below differ by it.
  'cloud.provider': (rules: string) => rules.includes('cloud.provider'),
  // Says that the thumbprint was left out on purpose: a rule asks for one of the two.
  'cloud.vsphere.insecureSkipTLSVerify': (rules: string) =>
    rules.includes('has(self.thumbprint) || self.insecureSkipTLSVerify'),
} as const;

describe('every field that we offer', () => {
  it('of a ManagedCluster changes what function, agent or provider do', async () => {
    const schema = clusterSpec(clouds);
    expect(await unread(schema, claimScenes())).toEqual(Object.keys(CONSENTS));
    const rules = JSON.stringify(schema);
    expect(Object.values(CONSENTS).every((isAsked) => isAsked(rules))).toBe(true);
  }, 120_000);

  it('of a ClusterProfile changes the plans of clusters, but for what is written for people', async () => {
    expect(await unread(profileSpec, profileScenes())).toEqual([
      'versions[].variables[].description',
    ]);
  });

  it('of a ClusterPlan changes what an agent does to its cluster', async () => {
    expect(await unread(planSpec, planScenes())).toEqual([]);
  }, 60_000);

  it('of an AgentInstallation changes what its parts ask and write', async () => {
    expect(await unread(agentInstallationSpec, installationScenes())).toEqual([]);
  });

  it('of a Pivot changes what becomes of the cluster, or how it is reached', async () => {
    // What else moves with a cluster is for its cloud to say; as long as none says anything, its name does nothing.
    const known: readonly Cloud[] = Object.values(clouds);
    const isIdle = known.every(({ movesAlso }) => movesAlso === undefined);
    expect(await unread(pivotSpec, pivotScenes())).toEqual(isIdle ? ['provider'] : []);
  }, 60_000);

  it('of a cloud is another claim', async () => {
    const scenes = claimScenes();
    const smallest = Object.keys(SMALLEST).map((cloud) =>
      scenes.find(({ spec }) => JSON.stringify(spec).includes(`"provider":"${cloud}"`)),
    );
    const outputs = await Promise.all(smallest.map(async (scene) => scene?.output(scene.spec)));
    expect(outputs).not.toContain(undefined);
    expect(new Set(outputs).size).toBe(outputs.length);
  });

  it('can only be shown by what is the same when nothing changes', async () => {
    const schema = object('Made up.', { read: text('Read.') });
    let calls = 0;
    const restless = { spec: { read: 'a' }, output: () => String((calls += 1)) };
    const refused = { spec: { read: 'a' }, output: () => undefined };
    await expect(unread(schema, [restless])).rejects.toThrow('differ by themselves');
    await expect(unread(schema, [refused])).rejects.toThrow('refused');
  });

  it('is found when nothing reads it, and when it is only checked', async () => {
    const schema = object('Made up.', {
      read: text('Read.'),
      ignored: text('Nobody reads it.'),
      checked: integer('Only refused.', { minimum: 1, maximum: 3 }),
      pools: list('Pools.', object('Pool.', { size: integer('Read.'), colour: text('Ignored.') })),
    });
    const spec = { read: 'a', ignored: 'b', checked: 1, pools: [{ size: 1, colour: 'red' }] };
    function output(value: unknown): string | undefined {
      const { read, checked, pools } = value as typeof spec;
      return checked > 1 ? undefined : JSON.stringify([read, pools[0]?.size]);
    }
    expect(await unread(schema, [{ spec, output }])).toEqual([
      'ignored',
      'checked',
      'pools[].colour',
    ]);
  });
});
