import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheRoot, prune, removeLeftovers, temporaryName, touch, writeWhole } from './cache.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cache-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the cache', () => {
  it.each<[NodeJS.ProcessEnv, unknown, string]>([
    [{ MANAGED_CLUSTER_CACHE: '/own', XDG_CACHE_HOME: '/xdg' }, '/own', 'ours wins'],
    [{ XDG_CACHE_HOME: '/xdg' }, '/xdg/managed-cluster', 'then XDG'],
    [
      { XDG_CACHE_HOME: 'relative' },
      expect.stringMatching(/^\/.*\.cache\/managed-cluster$/),
      'XDG ignores relative paths',
    ],
    [{}, expect.stringMatching(/^\/.*\.cache\/managed-cluster$/), 'then the home folder'],
  ])('of %j is %s: %s', (env, expected) => {
    expect(cacheRoot(env)).toEqual(expected);
  });

  it('refuses a relative path of ours', () => {
    expect(() => cacheRoot({ MANAGED_CLUSTER_CACHE: 'here' })).toThrow(/absolute/);
  });

  it('keeps the two last used of each name', () => {
    const keys = ['0', '1', '2', '3'].map((digit) => digit.repeat(16));
    for (const [age, key] of keys.entries()) entry(`crossplane-${key}`, age);
    entry(`crossplane-cli-v2.5-${'a'.repeat(16)}`, 90);
    entry('crossplane-notes', 90);
    touch(join(folder, `crossplane-${keys[3]}`));
    prune(folder, 'crossplane');
    expect(readdirSync(folder).toSorted()).toEqual([
      `crossplane-${keys[0]}`,
      `crossplane-${keys[3]}`,
      `crossplane-cli-v2.5-${'a'.repeat(16)}`,
      'crossplane-notes',
    ]);
  });

  it('writes files atomically and removes the files of interrupted builds', () => {
    const file = join(folder, 'deep', 'file-0000.json');
    writeWhole(file, 'content');
    writeFileSync(temporaryName(file), 'half');
    removeLeftovers(join(folder, 'deep'));
    expect(readdirSync(join(folder, 'deep'))).toEqual(['file-0000.json']);
    expect(touch(join(folder, 'absent'))).toBe(false);
    expect(existsSync(join(folder, 'absent'))).toBe(false);
  });
});

/** An entry that was last used so many hours ago. */
function entry(name: string, hours: number): void {
  const file = join(folder, name);
  writeFileSync(file, '');
  const usedAt = new Date(Date.now() - (hours + 1) * 3600 * 1000);
  utimesSync(file, usedAt, usedAt);
}
