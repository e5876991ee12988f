import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

interface Names {
  readonly kind: string;
  readonly plural: string;
  readonly singular?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** All kinds that we offer, by the names that kubectl knows them by. */
function offered(): readonly Names[] {
  return ['xrds', 'package/crds'].flatMap((folder) =>
    readdirSync(folder).flatMap((file) => {
      const { spec } = parse(readFileSync(`${folder}/${file}`, 'utf8')) as {
        readonly spec: { readonly names: Names; readonly claimNames?: Names };
      };
      return [spec.names, ...(spec.claimNames === undefined ? [] : [spec.claimNames])];
    }),
  );
}

describe('the names of our kinds', () => {
  it('lead to one kind each: of two groups with one name kubectl shows the first only', () => {
    const names = offered().flatMap(({ kind, plural, singular, shortNames = [] }) => [
      ...new Set([kind.toLowerCase(), plural, singular ?? kind.toLowerCase(), ...shortNames]),
    ]);
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  });

  it('have one short name for what users write, claims and namespaced composites', () => {
    const both = offered().filter(({ categories = [] }) => categories.includes('mc'));
    expect(both.map(({ kind }) => kind).toSorted()).toEqual([
      'ManagedCluster',
      'NamespacedManagedCluster',
    ]);
  });

  it('have no category that hides a kind: kubectl expands categories first', () => {
    const kinds = offered();
    const categories = kinds.flatMap((names) => names.categories ?? []);
    const names = kinds.flatMap(({ kind, plural, shortNames = [] }) => [
      kind.toLowerCase(),
      plural,
      ...shortNames,
    ]);
    expect(names.filter((name) => categories.includes(name))).toEqual([]);
  });
});
