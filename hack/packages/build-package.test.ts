import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { packageArchitectures } from './build-package.ts';

const FUNCTION = { name: 'function-x', files: [], runtime: 'function' };

describe('the packages of one source', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'packages-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    { tars: ['function-arm64', 'function-amd64'], expected: ['amd64', 'arm64'] },
    { tars: ['function', 'provider-amd64'], expected: [undefined] },
    { tars: [], expected: [undefined] },
  ])('are for the architectures of $tars', ({ tars, expected }) => {
    for (const name of tars) writeFileSync(join(folder, `${name}.tar`), '');
    expect(packageArchitectures(FUNCTION, folder)).toEqual(expected);
  });

  it('are one where nothing is run', () => {
    writeFileSync(join(folder, 'function-amd64.tar'), '');
    expect(packageArchitectures({ name: 'configuration-x', files: [] }, folder)).toEqual([
      undefined,
    ]);
    expect(packageArchitectures(FUNCTION, undefined)).toEqual([undefined]);
  });
});
