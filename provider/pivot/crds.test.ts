import { afterEach, expect, it } from '@jest/globals';
import { hostileServer } from '../../test/fake/hostile-server.ts';
import type { ScriptedServer } from '../../test/fake/scripted-server.ts';
import { moveTypes, servesType } from '../core/pivot/move-types.ts';
import { crdsOf } from './crds.ts';

const MIB = 2 ** 20;

let server: ScriptedServer;
afterEach(() => server.close());

/** The CRDs of operators: an OpenAPI schema of 200 KiB each. */
function crds(count: number): readonly object[] {
  const properties = Object.fromEntries(
    Array.from({ length: 200 }, (_none, nth) => [`f${nth}`, { description: 'x'.repeat(1000) }]),
  );
  return Array.from({ length: count }, (_none, nth) => ({
    metadata: {
      name: `machine${nth}s.cluster.x-k8s.io`,
      labels: { 'cluster.x-k8s.io/provider': 'p' },
    },
    spec: {
      group: 'cluster.x-k8s.io',
      scope: 'Namespaced',
      names: { kind: `Machine${nth}` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { properties } }],
    },
  }));
}

it('reads the CRDs of a cluster with many operators, which are larger than a list may be', async () => {
  const all = crds(20);
  const resources = [{ name: 'customresourcedefinitions', kind: 'CustomResourceDefinition' }];
  const started = await hostileServer(
    ({ url }) => {
      if (!url.includes('limit=')) return { body: { resources } };
      const { searchParams } = new URL(url, 'http://host');
      const [from, limit] = ['continue', 'limit'].map((name) =>
        Number(searchParams.get(name) ?? 0),
      );
      const to = (from ?? 0) + (limit ?? 0);
      const token = to < all.length ? String(to) : '';
      return { body: { metadata: { continue: token }, items: all.slice(from, to) } };
    },
    { bounds: { listBytes: MIB, pageBytes: MIB, pageObjects: 4 } },
  );
  server = started.server;
  expect(JSON.stringify(all).length).toBeGreaterThan(3 * MIB);
  const found = await crdsOf(started.api, started.api);
  expect(found).toHaveLength(20);
  expect(moveTypes(found)).toContainEqual({
    apiVersion: 'cluster.x-k8s.io/v1',
    kind: 'Machine19',
    provider: 'p',
  });
  expect(servesType(found, { apiVersion: 'cluster.x-k8s.io/v1', kind: 'Machine0' })).toBe(true);
  expect(JSON.stringify(found).length).toBeLessThan(100_000);
});
