import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditLog } from './audit-log.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-log-'));
  file = join(folder, 'audit.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

function line(auditID: string): string {
  return `{"kind":"Event","auditID":"${auditID}"}\n`;
}

function newIn(log: AuditLog): readonly string[] {
  const ids: string[] = [];
  log.readNew(({ events }) => ids.push(...events.map(({ auditID }) => auditID)));
  return ids;
}

describe('an audit log that grows', () => {
  it('is read once, line by line', () => {
    const log = new AuditLog(file);
    expect(newIn(log)).toEqual([]);
    writeFileSync(file, line('a') + line('b'));
    expect(newIn(log)).toEqual(['a', 'b']);
    appendFileSync(file, line('c'));
    expect(newIn(log)).toEqual(['c']);
    expect(newIn(log)).toEqual([]);
  });

  it('keeps a half line for the next time', () => {
    const log = new AuditLog(file);
    const whole = line('a');
    writeFileSync(file, whole.slice(0, 10));
    expect(newIn(log)).toEqual([]);
    appendFileSync(file, whole.slice(10));
    expect(newIn(log)).toEqual(['a']);
  });
});

describe('an audit log that was rotated', () => {
  it('is refused, because what was missed could be what matters', () => {
    const log = new AuditLog(file);
    writeFileSync(file, line('a') + line('b'));
    newIn(log);
    renameSync(file, `${file}.1`);
    writeFileSync(file, line('c'));
    expect(() => newIn(log)).toThrow(/was rotated/);
  });
});
