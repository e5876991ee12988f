import { describe, expect, it } from '@jest/globals';
import { clouds } from '../capi/clouds/index.ts';
import { SMALLEST } from '../capi/testing-claims.ts';
import { clusterSpec } from '../lib/apis/schema/cluster-spec.ts';
import { profileSpec } from '../lib/apis/schema/cluster-profile.ts';
import { integer, list, object, text } from '../lib/apis/schema/schema.ts';
import { claimScenes } from './fields/claims.ts';
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
  it('of a ManagedCluster changes what function, agent or provider do', () => {
    const schema = clusterSpec(clouds);
    expect(unread(schema, claimScenes())).toEqual(Object.keys(CONSENTS));
    const rules = JSON.stringify(schema);
    expect(Object.values(CONSENTS).every((isAsked) => isAsked(rules))).toBe(true);
  }, 120_000);

  it('of a ClusterProfile changes the plans of clusters, but for what is written for people', () => {
    expect(unread(profileSpec, profileScenes())).toEqual(['versions[].variables[].description']);
  });

  it('of a cloud is another claim', () => {
    const scenes = claimScenes();
    const smallest = Object.keys(SMALLEST).map((cloud) =>
      scenes.find(({ spec }) => JSON.stringify(spec).includes(`"provider":"${cloud}"`)),
    );
    const outputs = smallest.map((scene) => scene?.output(scene.spec));
    expect(new Set(outputs).size).toBe(outputs.length);
  });

  it('is found when nothing reads it, and when it is only checked', () => {
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
    expect(unread(schema, [{ spec, output }])).toEqual(['ignored', 'checked', 'pools[].colour']);
  });
});
