import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type BadNetwork,
  containersOfCluster,
  deleteClaim,
  execInNode,
  linkOf,
  MANAGEMENT,
  unmanagedMilliseconds,
  untilOperational,
} from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { CLUSTER } from '../../../capi/kinds.ts';
import { recordIn } from '../../../lib/core/object.ts';
import { containersOf, PATIENCE_MS, podsOfOurs, type Subject } from '../subject.ts';
import { docker, management, realFile } from '../world.ts';

/** Each packet between the sides, in each direction: a round trip takes 100 ms more, and one in 25 is lost. */
const BAD: BadNetwork = { delayMs: 50, loss: 0.02 };

const GIBIBYTE = 2 ** 30;

/** What a small machine has. */
const SMALL = { cpus: 2, memory: 4 * GIBIBYTE } as const;

/**
 * onOneSmallNode: a cluster of one machine with 2 CPUs and 4 GiB carries itself and all that it is
 * made of, and comes and goes over a network that is slow and loses packets.
 */
export function onOneSmallNode(subject: Subject): void {
  const link = linkOf(docker());
  let node = '';

  describe('a cluster of one small node, over a bad network', () => {
    beforeAll(async () => {
      await link.spoil(BAD, realFile().slowLink);
      const limited = makeSmall(subject.name);
      await subject.apply();
      node = await limited;
    });

    afterAll(() => link.join());

    it('becomes Operational, and its pivot leaves it unmanaged for less than 10 s', async () => {
      const claim = await untilOperational(subject.theatre(), PATIENCE_MS);
      expect(recordIn(claim, 'status')).toMatchObject({ owner: 'Workload', workers: '0/0' });
      expect(await unmanagedMilliseconds(subject.theatre())).toBeLessThan(10_000);
    });

    it('is reached from the management side over that network', async () => {
      const api = { ...CLUSTER, namespace: subject.claim.namespace, name: subject.name };
      const spec = recordIn(await subject.inside().get(api), 'spec');
      const { host, port } = recordIn(spec, 'controlPlaneEndpoint') ?? {};
      const url = `https://${String(host)}:${String(port)}/version`;
      const curl = ['curl', '-sk', '--output', '/dev/null', '--write-out', '%{time_connect}', url];
      const seconds = Number(await execInNode(docker(), MANAGEMENT, curl));
      expect(seconds).toBeGreaterThan((2 * BAD.delayMs) / 1000);
    });

    it('carries everything within 2 CPUs and 4 GiB, and nothing of it had to start twice', async () => {
      for (const status of containersOf(await podsOfOurs(subject.inside()))) {
        expect(status).toMatchObject({ ready: true, restartCount: 0 });
      }
      const { limit, resident } = await memoryOf(node);
      expect(limit).toBe(SMALL.memory);
      expect(resident).toBeLessThan(SMALL.memory / 2);
    });

    it('goes again', async () => {
      await deleteClaim(subject.theatre(), PATIENCE_MS);
      expect(await containersOfCluster(docker(), subject.name)).toEqual([]);
      expect(await management().get(subject.claim)).toBeUndefined();
    });
  });
}

/** Gives the machine its size as soon as it is there, and resolves with its name. */
async function makeSmall(cluster: string): Promise<string> {
  return waitFor({
    what: `the machine of ${cluster}`,
    timeoutMs: PATIENCE_MS,
    intervalMs: 200,
    look: async () => {
      const machines = await containersOfCluster(docker(), cluster);
      const name = machines.find(({ role }) => role === 'control-plane')?.name;
      if (name === undefined) return undefined;
      const { cpus, memory } = SMALL;
      await docker()([
        'update',
        `--cpus=${cpus}`,
        `--memory=${memory}`,
        `--memory-swap=${memory}`,
        name,
      ]);
      return name;
    },
  });
}

/** Bytes of everything in a machine, by its control group (version 1, or 2). */
async function memoryOf(node: string): Promise<{ limit: number; resident: number }> {
  const script = [
    'cd /sys/fs/cgroup',
    'if [ -d memory ]; then cd memory; cat memory.limit_in_bytes memory.stat; else cat memory.max memory.stat; fi',
  ];
  const [limited, ...lines] = (
    await execInNode(docker(), node, ['sh', '-ec', script.join('\n')])
  ).split('\n');
  const values = new Map(lines.map((line) => line.split(' ') as [string, string]));
  return {
    limit: Number(limited),
    resident: Number(values.get('total_rss') ?? values.get('anon')),
  };
}
