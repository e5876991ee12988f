import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROGRAM, programLayer } from './program.ts';
import { IMAGES, type ImageSpec } from './table.ts';

const OPTIONS = { root: resolve('.'), version: '9.8.7', nodeVersion: '24.0.0' };

describe('a program in an image', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'program-test-'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(Object.entries<ImageSpec>(IMAGES))(
    'runs without its packages, and tells the version of its image: %s',
    async (name, spec) => {
      const { files } = await programLayer(name, spec, OPTIONS);
      for (const { path, content } of files) {
        mkdirSync(dirname(join(root, name, path)), { recursive: true });
        writeFileSync(join(root, name, path), content);
      }
      function told(flag: string): string {
        const args = [join(root, name, PROGRAM), flag];
        return execFileSync(process.execPath, args, { encoding: 'utf8' });
      }
      expect(told('--help')).toContain('Usage: ');
      expect(told('--version')).toBe('9.8.7\n');
    },
    60_000,
  );

  it('has what it reads beside it, and its version', async () => {
    const spec = { ...IMAGES.agent, folders: IMAGES.provider.folders };
    const { files } = await programLayer('agent', spec, OPTIONS);
    const paths = files.map(({ path }) => path);
    expect(paths).toContain('/app/package/crds/pivots.m.managedcluster.io.yaml');
    expect(paths).toContain('/app/package/policies/workload/fence.yaml');
    const manifest = files.find(({ path }) => path === '/app/package.json');
    expect(JSON.parse(String(manifest?.content))).toMatchObject({ version: '9.8.7' });
  });
});
