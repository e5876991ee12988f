import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FOREIGN_PROVIDERS } from './foreign-crds.ts';
import { kustomized, type KustomizeOptions } from './manifests.ts';

let folder = '';
let options: KustomizeOptions = { kubectl: '' };

/** A kubectl that writes down its arguments and renders one object named after the folder. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifests-test-'));
  const kubectl = join(folder, 'kubectl');
  const script = `#!/bin/sh
echo "$@" >> ${folder}/calls
echo "kind: Thing
metadata: {name: $2, value: '\\\${VALUE:=default}'}"
`;
  writeFileSync(kubectl, script, { mode: 0o755 });
  options = { kubectl, cache: join(folder, 'cache') };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function calls(): readonly string[] {
  const file = join(folder, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').toSorted() : [];
}

describe('kustomized', () => {
  it('renders each folder once', async () => {
    const first = await kustomized('two', ['a@v1', 'b@v1'], options);
    expect(first).toEqual([
      [{ kind: 'Thing', metadata: { name: 'a@v1', value: 'default' } }],
      [{ kind: 'Thing', metadata: { name: 'b@v1', value: 'default' } }],
    ]);
    expect(await kustomized('two', ['a@v1', 'b@v1'], options)).toEqual(first);
    expect(calls()).toEqual(['kustomize a@v1', 'kustomize b@v1']);
  });

  it.each<[string, string, Readonly<Record<string, string>>, string]>([
    ['a folder changes', 'a@v2', {}, 'default'],
    ['a variable changes', 'a@v1', { VALUE: 'mine' }, 'mine'],
  ])('renders again when %s', async (_reason, path, variables, value) => {
    await kustomized('one', ['a@v1'], options);
    const [[object] = []] = await kustomized('one', [path], { ...options, variables });
    expect(object).toMatchObject({ metadata: { name: path, value } });
    expect(calls()).toHaveLength(2);
  });

  it('tells what kubectl said when it fails, and keeps nothing', async () => {
    writeFileSync(options.kubectl, '#!/bin/sh\necho no such folder >&2\nexit 1\n');
    await expect(kustomized('one', ['a'], options)).rejects.toThrow(/no such folder/);
    expect(existsSync(join(folder, 'cache'))).toBe(false);
  });
});

describe('the foreign providers', () => {
  it.each(Object.entries(FOREIGN_PROVIDERS))('%s is pinned by hash', (_name, spec) => {
    expect(spec.version).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(spec.sum).toMatch(/^h1:[A-Za-z0-9+/]{43}=$/);
  });
});
