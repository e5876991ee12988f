import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  machinesInside,
  powerCut,
  REGISTRY_CONTAINER,
  untilOperational,
} from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { identities, oursRun, PATIENCE_MS, type Subject } from '../subject.ts';
import { docker } from '../world.ts';

/**
 * Workers come back so much later than the control plane: their health check (30 s) finds all of
 * them broken, and must see that this is not the time to replace them.
 */
const LATE_MS = 90_000;

/** afterPowerCut: all nodes lose power at once, while no image can be pulled from anywhere. */
export function afterPowerCut(subject: Subject): void {
  describe('a power cut of all nodes, without a registry', () => {
    beforeAll(() => docker()(['stop', REGISTRY_CONTAINER]));

    afterAll(() => docker()(['start', REGISTRY_CONTAINER]));

    it('ends with the same machines, and every Pod runs again from the images of its node', async () => {
      const before = identities(await subject.machines());
      const cut = await powerCut(docker(), subject.name);
      await cut.restore('external-load-balancer', 'control-plane');
      const doomed = await deletionsDuring(subject, async () => {
        await answers(subject);
        await sleep(LATE_MS);
        await cut.restore('worker');
        await machinesInside(subject.theatre(), before.length, PATIENCE_MS);
        await untilOperational(subject.theatre(), PATIENCE_MS);
        await oursRun(subject);
      });
      expect(identities(await subject.machines())).toEqual(before);
      expect(doomed).toEqual([]);
    });
  });
}

async function answers(subject: Subject): Promise<void> {
  await waitFor({
    what: 'the API server to answer again',
    timeoutMs: 180_000,
    intervalMs: 500,
    look: () => subject.inside().raw('GET', '/version'),
  });
}

/**
 * Looks each second for Machines that somebody wants to be gone, while work is done; while nobody
 * answers there are none to see.
 */
async function deletionsDuring(
  subject: Subject,
  work: () => Promise<void>,
): Promise<readonly string[]> {
  const doomed = new Set<string>();
  const abort = new AbortController();
  async function watch(): Promise<void> {
    while (!abort.signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      const machines = await subject.machines().catch(() => []);
      const leaving = machines.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
      for (const { metadata } of leaving) doomed.add(metadata.name ?? '');
      // oxlint-disable-next-line no-await-in-loop -- the pause between two looks
      await sleep(1000);
    }
  }
  const ended = watch();
  try {
    await work();
  } finally {
    abort.abort();
    await ended;
  }
  return [...doomed];
}
