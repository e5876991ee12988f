import { describe, expect, it } from '@jest/globals';
import { manifestFiles, objectsIn, parseObjects } from './manifests.ts';

describe('parseObjects', () => {
  it('reports a YAML text that cannot be parsed', () => {
    expect(() => parseObjects('a: [')).toThrow(/line 1/);
  });

  it('leaves out documents that are not objects', () => {
    const text = '---\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\n---\ntext\n';
    expect(parseObjects(text)).toEqual([
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } },
    ]);
  });
});

describe('objectsIn', () => {
  it('reads the files of a folder ordered by name, and a single file', () => {
    const files = manifestFiles('package/crds');
    expect(files).toEqual(files.toSorted());
    expect(files).toContain('package/crds/pivots.m.managedcluster.io.yaml');
    expect(objectsIn('package/crds')).toEqual(files.flatMap((file) => objectsIn(file)));
    expect(objectsIn('package/crds/pivots.m.managedcluster.io.yaml')).toMatchObject([
      { kind: 'CustomResourceDefinition', metadata: { name: 'pivots.m.managedcluster.io' } },
    ]);
  });
});
