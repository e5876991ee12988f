import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from '@jest/globals';
import { containerPids } from './container-pids.ts';

it('finds process 1 of a container by the root that its parent was given', async () => {
  const script = 'sleep 30 & echo started; wait';
  const parent = spawn('sh', ['-c', script, 'sh', '/state/pods/uid-1/root-manager', 'node-m']);
  await once(parent.stdout, 'data');
  try {
    const found = containerPids(process.pid);
    expect(found).toEqual([{ pid: expect.any(Number), podUid: 'uid-1', container: 'manager' }]);
    expect(found[0]?.pid).not.toBe(parent.pid);
    process.kill(found[0]?.pid ?? 0, 'SIGKILL');
    await once(parent, 'exit');
  } finally {
    parent.kill('SIGKILL');
  }
  expect(containerPids(process.pid)).toEqual([]);
});
