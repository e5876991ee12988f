import { describe, expect, it } from '@jest/globals';
import type { PodSpec } from './pod.ts';
import { sampleContainer, samplePod } from './sample-pod.ts';
import { type ContainerRecord, phaseOf, type PodRecord, podStatus } from './status.ts';

const T1 = '2026-01-01T00:00:00Z';
const T2 = '2026-01-01T00:00:09Z';
const CREATING: ContainerRecord = {
  state: { waiting: { reason: 'ContainerCreating' } },
  restarts: 0,
  ready: false,
};
const RUNNING: ContainerRecord = {
  state: { running: { startedAt: T1 } },
  restarts: 0,
  ready: false,
};
const READY: ContainerRecord = { ...RUNNING, ready: true };
const CRASHED: ContainerRecord = {
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  last: { exitCode: 1, startedAt: T1, finishedAt: T2 },
  restarts: 1,
  ready: false,
};

function ended(exitCode: number): ContainerRecord {
  return {
    state: { terminated: { exitCode, startedAt: T1, finishedAt: T2 } },
    restarts: 0,
    ready: false,
  };
}

function record(containers: Record<string, ContainerRecord>): PodRecord {
  return {
    podIP: '10.99.1.10',
    hostIP: '10.99.1.1',
    startTime: T1,
    containers: new Map(Object.entries(containers)),
  };
}

const TWO = { containers: [sampleContainer({ name: 'a' }), sampleContainer({ name: 'b' })] };
const INIT = { initContainers: [sampleContainer({ name: 'i' })] };

describe('phaseOf', () => {
  const table: readonly [string, Partial<PodSpec>, Record<string, ContainerRecord>, string][] = [
    ['nothing done yet', TWO, {}, 'Pending'],
    ['one of two is created', TWO, { a: RUNNING, b: CREATING }, 'Pending'],
    ['all run', TWO, { a: RUNNING, b: READY }, 'Running'],
    ['one crashes again and again', TWO, { a: RUNNING, b: CRASHED }, 'Running'],
    ['init runs', INIT, { i: RUNNING }, 'Pending'],
    ['init failed and is tried again', INIT, { i: ended(1) }, 'Pending'],
    ['init failed for good', { ...INIT, restartPolicy: 'Never' }, { i: ended(1) }, 'Failed'],
    ['done', { ...TWO, restartPolicy: 'Never' }, { a: ended(0), b: ended(0) }, 'Succeeded'],
    [
      'done on the second try',
      { ...TWO, restartPolicy: 'OnFailure' },
      { a: ended(0), b: ended(0) },
      'Succeeded',
    ],
    ['one failed', { ...TWO, restartPolicy: 'Never' }, { a: ended(0), b: ended(2) }, 'Failed'],
    [
      'one failed, one still runs',
      { ...TWO, restartPolicy: 'Never' },
      { a: ended(2), b: RUNNING },
      'Running',
    ],
    [
      'one failed and is tried again',
      { ...TWO, restartPolicy: 'OnFailure' },
      { a: ended(0), b: ended(2) },
      'Running',
    ],
    ['ended, but is always restarted', TWO, { a: ended(0), b: ended(0) }, 'Running'],
  ];
  it.each(table)('%s', (_reason, spec, containers, phase) => {
    expect(phaseOf(samplePod(spec), record(containers))).toBe(phase);
  });
});

function conditions(spec: Partial<PodSpec>, containers: Record<string, ContainerRecord>): object {
  const status = podStatus(samplePod(spec), record(containers), { before: [], now: T2 });
  return Object.fromEntries(status.conditions.map((each) => [each.type, each.status]));
}

describe('podStatus', () => {
  it.each<[string, Partial<PodSpec>, Record<string, ContainerRecord>, [string, string]]>([
    ['all are ready', TWO, { a: READY, b: READY }, ['True', 'True']],
    ['one is not', TWO, { a: READY, b: RUNNING }, ['False', 'True']],
    ['init has not ended', INIT, { i: RUNNING }, ['False', 'False']],
    ['init has ended', INIT, { i: ended(0), main: READY }, ['True', 'True']],
  ])('conditions: %s', (_reason, spec, containers, [ready, initialized]) => {
    expect(conditions(spec, containers)).toEqual({
      PodScheduled: 'True',
      Initialized: initialized,
      ContainersReady: ready,
      Ready: ready,
    });
  });

  it('keeps the time of a condition until it changes', () => {
    const before = podStatus(samplePod(), record({ main: RUNNING }), {
      before: [],
      now: T1,
    }).conditions;
    const { conditions: after } = podStatus(samplePod(), record({ main: READY }), {
      before,
      now: T2,
    });
    expect(after.map((each) => [each.type, each.lastTransitionTime])).toEqual([
      ['PodScheduled', T1],
      ['Initialized', T1],
      ['ContainersReady', T2],
      ['Ready', T2],
    ]);
  });

  it('tells reason and message of what waits, and how it ended before', () => {
    const waiting = { reason: 'NoBinaryForImage', message: 'no binary' };
    const main = { ...CRASHED, state: { waiting } };
    const status = podStatus(samplePod(), record({ main }), { before: [], now: T2 });
    expect(status['containerStatuses']).toEqual([
      expect.objectContaining({
        name: 'main',
        state: { waiting },
        lastState: { terminated: expect.objectContaining({ exitCode: 1, reason: 'Error' }) },
        restartCount: 1,
        ready: false,
      }),
    ]);
  });

  it('tells addresses', () => {
    const status = podStatus(samplePod(), record({}), { before: [], now: T2 });
    expect(status).toMatchObject({
      podIP: '10.99.1.10',
      podIPs: [{ ip: '10.99.1.10' }],
      hostIP: '10.99.1.1',
    });
  });
});
