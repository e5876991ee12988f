import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@managed-cluster/toolchain';
import { kubectlFromOutside } from './enter.ts';
import { findIsolation, isolatedCommand } from './isolation.ts';

const binaries = { kubectl: 'readlink' };

describe('kubectlFromOutside', () => {
  it('is in the network of the world', async () => {
    const isolation = findIsolation(process.getuid?.() ?? 0, 'own');
    const inside = ['sh', '-c', 'readlink /proc/self/ns/net; sleep 60'];
    const [command = '', ...args] = isolatedCommand({ isolation, network: 'own' }, inside);
    const world = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [told] = (await once(world.stdout, 'data')) as [Buffer];
      const line = kubectlFromOutside({ launcher: process.pid, isolation, binaries });
      const seen = await waitFor({
        what: 'the world to be entered',
        timeoutMs: 5000,
        look: () => promisify(execFile)('sh', ['-c', `${line} /proc/self/ns/net`]),
      });
      expect(seen.stdout).toBe(told.toString());
    } finally {
      world.kill('SIGKILL');
      await once(world, 'exit');
    }
  });

  it('needs to enter nothing where the world shares the network of the machine', () => {
    const engine = '/var/run/docker.sock';
    const line = kubectlFromOutside({ launcher: 1, isolation: 'root', engine, binaries });
    expect(line).toBe('readlink');
  });
});
