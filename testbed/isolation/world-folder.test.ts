import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createWorldFolder, disposeWorldFolder, logFolder } from './world-folder.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'world-folder-test-'));
});

afterEach(() => rmSync(parent, { recursive: true }));

/** A folder as the process `pid` left it, with the owner file of this process, changed to its id. */
function leftBy(pid: number, owner: 'owned' | 'kept'): string {
  const mine = createWorldFolder(parent);
  const text = readFileSync(join(mine, 'owner'), 'utf8').replace(/^\d+/, String(pid));
  disposeWorldFolder(mine, 'remove');
  const folder = join(parent, `managed-cluster-world-${pid}`);
  mkdirSync(folder);
  if (owner === 'owned') writeFileSync(join(folder, 'owner'), text);
  return folder;
}

function deadPid(): number {
  return spawnSync('true').pid;
}

describe('createWorldFolder', () => {
  it('has a folder for logs', () => {
    expect(existsSync(logFolder(createWorldFolder(parent)))).toBe(true);
  });

  it.each([
    { reason: 'its owner was killed', pid: deadPid(), owner: 'owned', left: false },
    { reason: 'its owner lives', pid: process.ppid, owner: 'owned', left: true },
    { reason: 'its logs were kept', pid: deadPid(), owner: 'kept', left: true },
  ] as const)('sweeps what others left: $reason', ({ pid, owner, left }) => {
    const folder = leftBy(pid, owner);
    createWorldFolder(parent);
    expect(existsSync(folder)).toBe(left);
  });
});

describe('disposeWorldFolder', () => {
  it.each([
    { disposal: 'remove', left: undefined },
    { disposal: 'keep-logs', left: ['logs'] },
    { disposal: 'keep-all', left: ['logs', 'pki'] },
  ] as const)('$disposal', ({ disposal, left }) => {
    const folder = createWorldFolder(parent);
    mkdirSync(join(folder, 'pki'));
    disposeWorldFolder(folder, disposal);
    expect(existsSync(folder) ? readdirSync(folder) : undefined).toEqual(left);
  });
});
