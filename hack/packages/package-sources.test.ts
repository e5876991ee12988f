import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { productVersion } from '../../lib/program/product-files.ts';
import { objectsIn } from '../../lib/program/manifests.ts';
import { packageFiles, PACKAGES } from './package-sources.ts';

/** Kinds that Crossplane lets into a package beside its metadata (crossplane-runtime pkg/xpkg/lint.go). */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  Function: ['CustomResourceDefinition'],
  Provider: ['CustomResourceDefinition'],
  Configuration: ['CompositeResourceDefinition', 'Composition'],
};

describe('our packages', () => {
  it.each(PACKAGES)('$name holds its metadata and what its kind may hold', (source) => {
    const objects = packageFiles('.', source).flatMap(objectsIn);
    const [metadata, ...others] = objects;
    expect(metadata).toMatchObject({
      apiVersion: 'meta.pkg.crossplane.io/v1',
      metadata: { name: source.name },
      spec: { crossplane: { version: '>=v2.0.0-0' } },
    });
    const allowed = ALLOWED[metadata?.kind ?? ''] ?? [];
    expect(others.filter(({ kind }) => !allowed.includes(kind))).toEqual([]);
  });

  it('hold every definition that is shipped', () => {
    const held = PACKAGES.flatMap((source) => packageFiles('.', source)).flatMap(objectsIn);
    for (const folder of ['package/crds', 'xrds', 'compositions']) {
      expect(held).toEqual(expect.arrayContaining([...objectsIn(folder)]));
    }
  });
});

describe('the chart', () => {
  it('is of the version of the product', () => {
    const chart: unknown = parse(readFileSync('package/chart/Chart.yaml', 'utf8'));
    expect(chart).toMatchObject({ version: productVersion(), appVersion: productVersion() });
  });
});
