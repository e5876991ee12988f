import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  besidesTheDoor,
  circle,
  importsOf,
  isTestCode,
  packageOf,
  PRODUCT,
  sources,
  WORKSPACES,
  type Import,
} from './boundaries.ts';

/** Tests that hold sources as texts. */
const WITH_TEXTS = ['boundaries', 'kubeconfig-loaders', 'layers'].map(
  (name) => `hack/${name}.test.ts`,
);

const files = sources();
const imports = files
  .filter((file) => !WITH_TEXTS.includes(file))
  .flatMap((file) => importsOf(file));

/** What a folder may import besides itself; tests in it are not held to this. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  toolchain: ['lib'],
  testbed: [...PRODUCT, 'toolchain'],
  hack: [...PRODUCT, 'toolchain', 'testbed'],
};

function imported(from: string, to: string, byName = false): Import {
  return { from, to, byName };
}

describe('imports', () => {
  it('lead to files that exist', () => {
    expect(imports.length).toBeGreaterThan(files.length);
    expect(imports.filter(({ to }) => !existsSync(to))).toEqual([]);
  });

  it('make no circle of packages', () => {
    expect(circle(imports)).toEqual([]);
  });

  it('enter a workspace by its door', () => {
    expect(besidesTheDoor(imports)).toEqual([]);
  });

  it('lead from what ships to no helper of tests and to no script', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        PRODUCT.includes(packageOf(from)) && (isTestCode(to) || !PRODUCT.includes(packageOf(to))),
    );
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(MAY))('lead from %s only to %j', (folder, may) => {
    const reached = imports.filter(({ from }) => packageOf(from) === folder);
    const wrong = reached.filter(({ to }) => ![folder, ...may].includes(packageOf(to)));
    expect(reached.length).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });

  it('are of packages that the workspace names', () => {
    for (const workspace of WORKSPACES) {
      const { dependencies = {} } = read(`${workspace}/package.json`);
      const inside = files.filter((file) => file.startsWith(`${workspace}/`) && !isTestCode(file));
      const texts = inside.map((file) => readFileSync(file, 'utf8')).join('\n');
      const foreign = [...texts.matchAll(/ from '([^.'][^']*)'/g)].map(([, name = '']) => name);
      const named = [...new Set(foreign)].filter((name) => !name.startsWith('node:'));
      expect(named.toSorted()).toEqual(Object.keys(dependencies).toSorted());
    }
  });
});

describe('dist', () => {
  it('holds no test and no helper of one', () => {
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const args = [tsc, '-p', 'tsconfig.build.json', '--listFilesOnly'];
    const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const built = stdout
      .split('\n')
      .filter((file) => file !== '' && !file.includes('node_modules'))
      .map((file) => relative('.', file));
    expect(status).toBe(0);
    expect(built).toContain('provider/main.ts');
    expect(built.filter((file) => isTestCode(file) || file.startsWith('test/fake/'))).toEqual([]);
    // Beside the product only what a world or the benchmark starts as a process of its own.
    const beside = built.filter((file) => !PRODUCT.includes(packageOf(file))).map(packageOf);
    expect([...new Set(beside)].toSorted()).toEqual(['test/bench', 'testbed']);
  });
});

describe('boundaries', () => {
  it('see every form of import', () => {
    const text = [
      `import { a } from './a.ts';`,
      `import {\n  b,\n  type C,\n} from '../b.ts';`,
      `import './c.ts';`,
      `export { d } from './d.ts';`,
      `export * from './e.ts';`,
      `const f = await import('./f.ts');`,
      `import type { G } from '@managed-cluster/testbed';`,
      `import { readFileSync } from 'node:fs';`,
      `// import { h } from './h.ts';`,
      ` * import { i } from './i.ts';`,
    ].join('\n');
    expect(importsOf('hack/x/y.ts', text).map(({ to }) => to)).toEqual([
      'hack/x/a.ts',
      'hack/b.ts',
      'hack/x/c.ts',
      'hack/x/d.ts',
      'hack/x/e.ts',
      'hack/x/f.ts',
      'testbed/index.ts',
    ]);
  });

  it('find a circle, however long', () => {
    const straight = [
      imported('test/kill/a.ts', 'testbed/index.ts', true),
      imported('testbed/b.ts', 'hack/c.ts'),
      imported('provider/d.test.ts', 'test/fake/e.ts'),
      imported('test/fake/e.ts', 'provider/f.ts'),
    ];
    expect(circle(straight)).toEqual([]);
    expect(circle([...straight, imported('hack/g.ts', 'test/kill/h.ts')])).toEqual([
      'test/kill',
      'testbed',
      'hack',
      'test/kill',
    ]);
  });

  it('tell a door from a window', () => {
    const door = imported('hack/a.ts', 'testbed/index.ts', true);
    const inside = imported('testbed/a.ts', 'testbed/b.ts');
    const windows = [
      imported('hack/a.ts', 'testbed/index.ts'),
      imported('test/kill/a.ts', 'testbed/site/site.ts'),
      imported('testbed/a.ts', 'toolchain/cache.ts'),
      ...importsOf('hack/a.ts', `import { b } from '@managed-cluster/testbed/b.ts';`),
    ];
    expect(besidesTheDoor([door, inside, ...windows])).toEqual(windows);
  });
});

function read(file: string): { readonly dependencies?: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof read>;
}
