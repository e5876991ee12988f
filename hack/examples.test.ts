import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { clouds } from '../capi/clouds/index.ts';
import { NAMESPACED_MANAGED_CLUSTER, MANAGED_CLUSTER_CLAIM } from '../lib/apis/kinds.ts';
import { profileSpec } from '../lib/apis/schema/cluster-profile.ts';
import { clusterSpec } from '../lib/apis/schema/cluster-spec.ts';
import { shapeMistakes } from '../lib/apis/schema/defaults.ts';
import type { Schema } from '../lib/apis/schema/schema.ts';
import type { KubeObject } from '../lib/core/object.ts';

const files = readdirSync('examples', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.yaml'),
);
const schemas: Readonly<Record<string, Schema>> = {
  [MANAGED_CLUSTER_CLAIM.kind]: clusterSpec(clouds),
  [NAMESPACED_MANAGED_CLUSTER.kind]: clusterSpec(clouds),
  ClusterProfile: profileSpec,
};

describe('examples', () => {
  it('has one for each cloud', () => {
    const folders = Object.keys(clouds).map((cloud) => (cloud === 'docker' ? 'dev' : cloud));
    expect(files).toEqual(expect.arrayContaining(folders.map((folder) => `${folder}/claim.yaml`)));
  });

  it.each(files)('%s has the shape of the schema', (file) => {
    const { kind, spec } = parse(readFileSync(`examples/${file}`, 'utf8')) as KubeObject;
    expect(shapeMistakes(spec, schemas[kind] ?? { enum: [] }, 'spec')).toEqual([]);
  });

  it('has a minimal claim on 25 lines', () => {
    const lines = readFileSync('examples/dev/claim.yaml', 'utf8').trim().split('\n');
    expect(lines.length).toBeLessThanOrEqual(25);
  });
});
