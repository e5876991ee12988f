import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { managedProcess, type ManagedProcess, type ProcessSpec } from './processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'processes-test-'));
const logFile = join(folder, 'log');
let current: ManagedProcess | undefined;

afterEach(async () => {
  await current?.stop(0);
});

afterAll(() => rmSync(folder, { recursive: true }));

function node(script: string, spec: Partial<ProcessSpec> = {}): ManagedProcess {
  current = managedProcess({
    name: 'm-thing',
    command: [process.execPath, '-e', script],
    logFile,
    ...spec,
  });
  return current;
}

const FOREVER = 'setInterval(() => {}, 1000);';

describe('managedProcess', () => {
  it('starts, restarts as another process, and stops', async () => {
    const thing = node(FOREVER);
    await thing.start();
    const first = thing.pid();
    await thing.start();
    expect(thing.pid()).toBe(first);
    await thing.restart('kill');
    expect(thing.pid()).not.toBe(first);
    await thing.stop();
    expect(thing.pid()).toBeUndefined();
    expect(thing.failure()).toBeUndefined();
    expect(await thing.exited()).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('kills what does not end by itself', async () => {
    const thing = node(`process.on('SIGTERM', () => {}); console.log('up'); ${FOREVER}`, {
      ready: async () => readFileSync(logFile, 'utf8').includes('up'),
    });
    await thing.start();
    await thing.stop(20);
    expect(await thing.exited()).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('tells the end of the log when it ends while it is waited for', async () => {
    const thing = node(`console.error('no such file'); process.exit(3)`, {
      ready: async () => false,
    });
    await expect(thing.start()).rejects.toThrow(
      /m-thing exited unexpectedly \(exit code 3\)[^]*no such file/,
    );
  });

  it('gives up when what it depends on has ended', async () => {
    const thing = node(FOREVER, {
      ready: async () => false,
      hopeless: () => new Error('etcd exited unexpectedly'),
    });
    await expect(thing.start()).rejects.toThrow('etcd exited unexpectedly');
  });

  it('says where the log is when it does not become ready', async () => {
    const thing = node(FOREVER, { ready: async () => false, readyTimeoutMs: 50 });
    await expect(thing.start()).rejects.toThrow(
      `waiting for m-thing to be ready; its log is ${logFile}`,
    );
  });

  it('inherits nothing but PATH and HOME', async () => {
    process.env['SECRET_OF_THE_CALLER'] = 'x';
    const thing = node('console.log(Object.keys(process.env).join())', {
      oneShot: true,
      env: { GIVEN: 'y' },
    });
    await thing.start();
    await thing.exited();
    expect(readFileSync(logFile, 'utf8').trim().split('\n').at(-1)).toBe('PATH,HOME,GIVEN');
    expect(thing.failure()).toBeUndefined();
  });

  it('fails when the program is not there', async () => {
    const thing = node('', { command: ['/no/such/program'], ready: async () => false });
    await expect(thing.start()).rejects.toThrow('exit code 127');
  });
});
