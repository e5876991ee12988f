import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

const OXLINT = resolve('node_modules/oxlint/bin/oxlint');

/** Files that break a rule of the house, with what the linter must say; and one that breaks none. */
const FILES = [
  {
    file: 'capi/up.ts',
    source: `export { a } from '../function/core/a.ts';`,
    says: 'no-restricted-imports',
  },
  {
    file: 'capi/io.ts',
    source: `import { readFileSync } from 'node:fs';\nexport const a = readFileSync('a');`,
    says: 'no-restricted-imports',
  },
  {
    file: 'lib/core/up.ts',
    source: `export { a } from '../../capi/a.ts';`,
    says: 'no-restricted-imports',
  },
  {
    file: 'lib/core/digest.ts',
    source: `import { createHash } from 'node:crypto';\nexport const a = createHash;`,
    says: 'no-restricted-imports',
  },
  {
    file: 'lib/core/hash.ts',
    source: `import { createHash } from 'node:crypto';\nexport const a = createHash;`,
    says: undefined,
  },
  {
    file: 'lib/kube/up.ts',
    source: `export { a } from '../../provider/a.ts';`,
    says: 'no-restricted-imports',
  },
  {
    file: 'function/core/clock.ts',
    source: `export const a = Date.now();`,
    says: 'no-restricted-properties',
  },
  {
    file: 'function/core/chance.ts',
    source: `export const a = Math.random();`,
    says: 'no-restricted-properties',
  },
  {
    file: 'function/core/environment.ts',
    source: `export const a = process.env['A'];`,
    says: 'no-restricted-globals',
  },
  {
    file: 'function/core/client.ts',
    source: `import { KubeConfig } from '@kubernetes/client-node';\nexport const a = new KubeConfig();`,
    says: 'no-restricted-imports',
  },
  {
    file: 'function/across.ts',
    source: `export { a } from '../provider/a.ts';`,
    says: 'no-restricted-imports',
  },
  {
    file: 'agent/core/across.ts',
    source: `export { a } from '../../function/core/a.ts';`,
    says: 'no-restricted-imports',
  },
  {
    file: 'provider/core/io.ts',
    source: `import { connect } from 'node:net';\nexport const a = connect;`,
    says: 'no-restricted-imports',
  },
  {
    file: 'provider/core/client.ts',
    source: `export { a } from '../../lib/reconcile/a.ts';`,
    says: 'no-restricted-imports',
  },
  {
    file: 'provider/pivot/steps/across.ts',
    source: `export { a } from '../../../agent/a.ts';`,
    says: 'no-restricted-imports',
  },
  {
    file: 'agent/layers/across.ts',
    source: `export { a } from '../../provider/core/a.ts';`,
    says: 'no-restricted-imports',
  },
  {
    file: 'cli/status/across.ts',
    source: `export { a } from '../../provider/core/a.ts';`,
    says: 'no-restricted-imports',
  },
  {
    file: 'provider/test-only.ts',
    source: `export { a } from '../test/kill/a.ts';`,
    says: 'no-restricted-imports',
  },
  ...[
    'lib/kube/helper.ts',
    'capi/helper.ts',
    'function/core/helper.ts',
    'provider/pivot/helper.ts',
  ].map((file) => ({
    file,
    source: `export { a } from '../testing/a.ts';`,
    says: 'no-restricted-imports',
  })),
  ...['agent/helper.ts', 'cli/helper.ts', 'agent/core/helper.ts', 'lib/core/helper.ts'].map(
    (file) => ({
      file,
      source: `export { a } from './testing/a.ts';`,
      says: 'no-restricted-imports',
    }),
  ),
  {
    file: 'agent/testing/helper.ts',
    source: `export { a } from '../../test/fake/a.ts';\nexport const b = Date.now();`,
    says: undefined,
  },
  {
    file: 'provider/bed.ts',
    source: `export { a } from '@managed-cluster/testbed';`,
    says: 'no-restricted-imports',
  },
  {
    file: 'agent/tools.ts',
    source: `export { a } from '../toolchain/a.ts';`,
    says: 'no-restricted-imports',
  },
  {
    file: 'provider/fake.ts',
    source: `export { a } from '../test/fake/a.ts';`,
    says: 'no-restricted-imports',
  },
  {
    file: 'lib/reconcile/up.ts',
    source: `export { a } from '../../provider/a.ts';`,
    says: 'no-restricted-imports',
  },
  {
    file: 'provider/pivot/good.ts',
    source: `import { a } from '../../capi/a.ts';\nimport { b } from '../../lib/kube/b.ts';\nexport const c = [a, b];`,
    says: undefined,
  },
  {
    file: 'provider/installation/loader.ts',
    source: `import { KubeConfig } from '@kubernetes/client-node';\nexport const a = new KubeConfig();`,
    says: 'no-restricted-imports',
  },
  {
    file: 'lib/reconcile/loader.ts',
    source: `import { KubeConfig } from '@kubernetes/client-node';\nexport const a = new KubeConfig();`,
    says: 'no-restricted-imports',
  },
  ...['provider/own.ts', 'agent/own.ts', 'cli/observe/own.ts', 'function/own.ts'].map((file) => ({
    file,
    source: `import { clientFromString } from '../lib/kube/client.ts';\nexport const a = clientFromString('');`,
    says: 'no-restricted-imports',
  })),
  {
    file: 'lib/kube/own.ts',
    source: `import { clientFromString } from './client.ts';\nexport const a = clientFromString('');`,
    says: 'no-restricted-imports',
  },
  {
    file: 'provider/own-file.ts',
    source: `import { clientFromFile } from '../lib/kube/client.ts';\nexport const a = clientFromFile('a');`,
    says: undefined,
  },
  { file: 'lib/long.ts', source: long(), says: 'max-lines' },
  { file: 'lib/tangled.ts', source: tangled(), says: 'complexity' },
  {
    file: 'lib/endless.ts',
    source: `export function a(): void {\n${'  b();\n'.repeat(51)}}\n`,
    says: 'max-lines-per-function',
  },
  {
    file: 'function/core/good.ts',
    source: `import { a } from '../../capi/a.ts';\nexport const b = a;`,
    says: undefined,
  },
];

function long(): string {
  return Array.from({ length: 251 }, (_, n) => `export const a${n} = 1;\n`).join('');
}

function tangled(): string {
  const branches = Array.from({ length: 10 }, (_, n) => `  if (x === ${n}) return ${n};`);
  return `export function a(x: number): number {\n${branches.join('\n')}\n  return 0;\n}\n`;
}

interface Finding {
  readonly filename: string;
  readonly code: string;
}

/** What the linter finds in files that stand in a repository of their own, with our configuration. */
function lint(files: readonly { readonly file: string; readonly source: string }[]): Finding[] {
  const folder = mkdtempSync(join(tmpdir(), 'managed-cluster-layers-'));
  const config = JSON.parse(readFileSync('.oxlintrc.json', 'utf8')) as object;
  const plain = { ...config, $schema: undefined, options: {} };
  writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify(plain));
  for (const { file, source } of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), source);
  }
  const args = [OXLINT, '--format=json', '.'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true, force: true });
  return (JSON.parse(stdout) as { diagnostics: Finding[] }).diagnostics;
}

describe('the linter', () => {
  let findings: readonly Finding[];

  beforeAll(() => {
    findings = lint(FILES);
  });

  it.each(FILES)('says of $file: $says', ({ file, says }) => {
    const codes = findings.filter(({ filename }) => filename === file).map(({ code }) => code);
    const wanted = expect.arrayContaining([expect.stringContaining(`(${says})`)]);

    expect(codes).toEqual(says === undefined ? [] : wanted);
  });

  it.each(['randomBytes', 'randomUUID', 'generateKeyPairSync'])(
    'lets the file that hashes import nothing else of node:crypto: %s',
    (name) => {
      const source = `import { ${name} } from 'node:crypto';\nexport const a = ${name};`;
      const codes = lint([{ file: 'lib/core/hash.ts', source }]).map(({ code }) => code);

      expect(codes).toEqual([expect.stringContaining('(no-restricted-imports)')]);
    },
  );
});
