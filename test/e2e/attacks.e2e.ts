import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RenderedProviders } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { recordIn } from '../../lib/core/object.ts';
import { messageOf } from '../../lib/errors.ts';
import { machinesOf } from '../kill/subject.ts';
import type { Side } from '../oracle/audit-event.ts';
import { writeTable, type Row } from './attacks/attack-table.ts';
import { DELETED_MACHINE, WHEN_HANDED_OVER, WHILE_FENCED, type Attack } from './attacks/cases.ts';
import { aScene, heldFast, letGo, type Scene } from './attacks/scene.ts';
import { equip, strip } from './attacks/sides.ts';
import { worldFile, workload } from './world.ts';

/*
 * What users, controllers and tools can do to a cluster while it is handed over, and afterwards. The
 * oracle judges each by the audit logs of both sides.
 */

const rows: Row[] = [];
let scene: Scene;
let equipment: RenderedProviders;

/** So long controllers may take to do harm. */
const HARM_MS = 1500;

afterAll(async () => {
  scene.witness.stop();
  writeTable(worldFile().dir, rows);
  await strip(equipment);
});

beforeAll(async () => {
  equipment = await equip();
  scene = await aScene('attacked');
  await heldFast(scene);
});

describe('while both sides hold the cluster, paused', () => {
  it.each(WHILE_FENCED)('$attack', async (attack) => {
    await attempt('fenced', attack);
    expect(await pausedOn('management')).toBe(true);
    expect(await pausedOn('workload')).toBe(true);
  });

  it('the handover then ends as if nothing had been', async () => {
    await letGo(scene);
    expect(await findings(true)).toEqual([]);
    expect(await machinesOf(workload(), scene.subject)).toEqual(scene.machines);
  });
});

describe('when the workload side runs the cluster', () => {
  it.each(WHEN_HANDED_OVER)('$attack', async (attack) => {
    await attempt('handed over', attack);
    expect(await pausedOn('workload')).toBe(false);
    expect(await findings(true)).toEqual([]);
  });
});

describe('a Machine whose deletion is asked for behind the fence', () => {
  beforeAll(async () => {
    scene.witness.stop();
    scene = await aScene('attacked-again');
    await heldFast(scene);
  });

  it('is deleted by its owner, who takes the cluster back for it; then it is handed over', async () => {
    await attempt('fenced', DELETED_MACHINE);
    await eventuallyRuns('management');
    await letGo(scene);
    expect(await findings(true)).toEqual([]);
    const machines = await machinesOf(workload(), scene.subject);
    expect(machines).toHaveLength(scene.machines.length);
    expect(machines).not.toEqual(scene.machines);
  }, 400_000);
});

async function attempt(when: string, { attack, refused, run }: Attack): Promise<void> {
  const refusal = await run(scene).then(
    () => '',
    (error: unknown) => messageOf(error),
  );
  await sleep(HARM_MS);
  const found = await findings(false);
  rows.push({ when, attack, refusal, findings: found });
  expect(refusal).toMatch(refused ?? /^$/);
  expect(found).toEqual([]);
}

async function findings(atRest: boolean): Promise<readonly string[]> {
  const { witness, subject } = scene;
  await witness.look();
  return witness
    .judge(subject.name, { atRest })
    .map(({ invariant, message }) => `${invariant}: ${message}`);
}

async function pausedOn(side: Side): Promise<boolean> {
  const cluster = await scene.clusterOn(side);
  return recordIn(cluster, 'spec')?.['paused'] === true;
}

async function eventuallyRuns(side: Side): Promise<void> {
  await waitFor({
    what: `the ${side} side to run the cluster`,
    timeoutMs: 60_000,
    look: async () => ((await pausedOn(side)) ? undefined : true),
  });
}
