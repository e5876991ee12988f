import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFiles } from './pod-volumes.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'volume-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('writeFiles', () => {
  it('writes, changes and removes files, and leaves alone what is right', () => {
    writeFiles(folder, { same: Buffer.from('1'), 'a/b': Buffer.from('2'), gone: Buffer.from('3') });
    const before = statSync(join(folder, 'same')).ino;
    writeFiles(folder, { same: Buffer.from('1'), 'a/b': Buffer.from('9') });
    expect(readdirSync(folder).toSorted()).toEqual(['a', 'same']);
    expect(readFileSync(join(folder, 'a/b'), 'utf8')).toBe('9');
    expect(statSync(join(folder, 'same')).ino).toBe(before);
  });
});
