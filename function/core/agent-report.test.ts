import { describe, expect, it } from '@jest/globals';

import { clusterStatus } from '../../lib/apis/schema/cluster-status.ts';
import { shapeMistakes } from '../../lib/apis/schema/defaults.ts';
import { type JsonObject, isRecord } from '../../lib/core/object.ts';
import { fc, runs } from '../../test/properties.ts';
import { patched } from '../testing/objects.ts';
import { aScene } from '../testing/scenes.ts';
import { CLUSTER_PLAN } from './composed-names.ts';
import { decide } from './decide.ts';

const POOLS = { nodePools: [{ name: 'a', replicas: 1 }] };

/** What composite and claim show when the agent reports this. */
function shown(status: unknown) {
  const scene = aScene('Pivoting')
    .spec(POOLS)
    .change(CLUSTER_PLAN, (object) => patched(object, { status: status as JsonObject }));
  const { status: all, conditions } = decide(scene.observed);
  return { status: isRecord(all) ? all : {}, conditions };
}

describe('what a hostile agent reports', () => {
  it('pools: each pool of the claim once, and no other', () => {
    const nodePools = [
      { name: 'a', desired: 1, ready: 1, evil: true },
      { name: 'a', ready: 9 },
      { name: 'b', ready: 9 },
      { name: 7 },
      null,
    ];
    const { status } = shown({ nodePools });
    expect(status['nodePools']).toEqual([{ name: 'a', desired: 1, ready: 1 }]);
    expect(status['workers']).toBe('1/1');
  });

  it.each([-1, 1.5, 1e300, Number.NaN, '9', null])('a count that is none: %j', (ready) => {
    const { status } = shown({ nodePools: [{ name: 'a', ready }], controlPlane: { ready } });
    expect(status['workers']).toMatch(/^\d{1,10}\/1$/);
    expect(status['controlPlaneMachines']).toMatch(/^\d{1,10}\/\d$/);
  });

  it('a status of more than a megabyte: what is written on is small, and of plain text', () => {
    const long = `\u001b[31m\u202e${'x'.repeat(5000)}`;
    const layers = Array.from({ length: 2000 }, (_, index) => ({
      name: `l${index}`,
      phase: 'Failed',
      profile: long,
      message: long,
    }));
    const conditions = ['AddOnsReady', 'WorkersReady', 'Evil'].map((type) => ({
      type,
      status: 'False',
      reason: `bad reason ${long}`,
      message: long,
    }));
    const report = { controlPlane: { ready: 1, version: long }, layers, conditions };
    expect(JSON.stringify(report).length).toBeGreaterThan(2 ** 20);
    const result = shown(report);
    const text = JSON.stringify(result);
    expect(text.length).toBeLessThan(256 * 1024);
    expect(text).not.toContain('\\u001b');
    expect(text).not.toContain('\u202e');
    expect(result.conditions.map(({ type }) => type)).not.toContain('Evil');
    expect(result.conditions.find(({ type }) => type === 'AddOnsReady')?.reason).toBe('Reported');
  });

  it('whatever it is, the status fits our schema', () => {
    const named = fc.record({
      name: fc.oneof(fc.constantFrom('a', 'b'), fc.anything()),
      phase: fc.oneof(fc.constantFrom('Ready', 'Failed'), fc.anything()),
      ready: fc.anything(),
      version: fc.anything(),
      message: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
    });
    const list = fc.oneof(fc.array(named), fc.anything());
    fc.assert(
      fc.property(list, list, fc.anything(), (nodePools, layers, any) => {
        const report = { nodePools, layers, controlPlane: any, observedGeneration: any };
        const { status } = shown(report);
        expect(shapeMistakes(status, clusterStatus, 'status')).toEqual([]);
      }),
      runs(50),
    );
  });
});
