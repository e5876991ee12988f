import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from './lock.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-test-'));
  path = join(folder, 'deep', 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('withLock', () => {
  it('lets one process in at a time and tells the other which process it waits for', async () => {
    const told: string[] = [];
    const seen: string[] = [];
    async function work(name: string): Promise<void> {
      seen.push(`${name} in`);
      await sleep(50);
      seen.push(`${name} out`);
    }
    const first = withLock(path, () => work('first'));
    const second = withLock(
      path,
      () => work('second'),
      (holder) => told.push(holder),
    );
    await Promise.all([first, second]);
    expect(seen).toEqual(['first in', 'first out', 'second in', 'second out']);
    expect(told).toEqual([`process ${process.pid}`]);
    expect(existsSync(path)).toBe(false);
  });

  it('is free again after a failure', async () => {
    await expect(withLock(path, () => Promise.reject(new Error('work')))).rejects.toThrow('work');
    expect(await withLock(path, () => Promise.resolve('done'))).toBe('done');
  });

  it('takes over from a holder whose heartbeat is old', async () => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'owner'), JSON.stringify({ pid: 1, pidNamespace: 'another' }));
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(path, longAgo, longAgo);
    expect(await withLock(path, () => Promise.resolve('done'))).toBe('done');
  });

  it('waits for a holder of another PID namespace whose heartbeat is fresh', async () => {
    mkdirSync(path, { recursive: true });
    const gone = { pid: 2 ** 22 + 1, pidNamespace: 'another' };
    writeFileSync(join(path, 'owner'), JSON.stringify(gone));
    const told: string[] = [];
    const entered = withLock(
      path,
      () => Promise.resolve('done'),
      (holder) => told.push(holder),
    );
    await sleep(100);
    expect(told).toEqual([`process ${gone.pid}`]);
    rmSync(path, { recursive: true });
    expect(await entered).toBe('done');
  });
});
