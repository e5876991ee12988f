import { describe, expect, it } from '@jest/globals';
import type { Finding } from './finding.ts';
import { judge } from './oracle.ts';
import { GOOD, HALF_WAY } from './story.ts';
import {
  ACTORS,
  clusterIs,
  COLLECTOR,
  CORE_MANAGER,
  historyOf,
  KCP,
  machineIs,
  PROVIDER,
  secretMade,
  USER,
  type Line,
} from './testing/audit-lines.ts';

const CREATE = { verb: 'create', code: 201 } as const;
const GONE = { verb: 'delete', answer: { kind: 'Status', details: { uid: 'workload-c-3' } } };

function verdict(lines: readonly Line[], atRest = true): readonly string[] {
  return told(judge(historyOf(lines), { actors: ACTORS, atRest }));
}

function told(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.map(({ invariant }) => invariant))].toSorted();
}

/** The good story with a line at `at` and `resource` changed to another. */
function instead(line: Line): readonly Line[] {
  return GOOD.map((known) => (sameMoment(known, line) ? line : known));
}

function sameMoment(a: Line, b: Line): boolean {
  return a.at === b.at && a.side === b.side && a.name === b.name;
}

describe('what the oracle accepts', () => {
  it.each<{ reason: string; lines: readonly Line[] }>([
    { reason: 'a handover as it should be', lines: GOOD },
    {
      reason: 'a try that changes nothing (dryRun)',
      lines: [...GOOD, clusterIs('management', 300, { version: 50 }, { query: '?dryRun=All' })],
    },
    {
      reason: 'a refused un-pause',
      lines: [...GOOD, clusterIs('management', 300, { version: 50 }, { code: 422 })],
    },
    {
      reason: 'an abort: the copies go, the source runs again at a higher epoch',
      lines: [
        ...HALF_WAY,
        ...['c-1', 'c-2'].map((name) =>
          machineIs('workload', 140, { name, version: 60, deleting: true, finalizers: [] }),
        ),
        clusterIs(
          'workload',
          145,
          { version: 61 },
          {
            verb: 'delete',
            answer: { kind: 'Status', details: { uid: 'workload-c' } },
          },
        ),
        clusterIs('management', 160, { version: 62, owner: 'management', epoch: 3 }),
      ],
    },
    {
      reason: 'scaling down by the controllers of the owner',
      lines: [
        ...GOOD,
        machineIs('workload', 300, { name: 'c-3', version: 0 }, { ...GONE, actor: CORE_MANAGER }),
      ],
    },
    {
      reason: 'an abort: the source ends a Machine, and then its copy goes',
      lines: [
        ...HALF_WAY,
        clusterIs('management', 130, { version: 62, owner: 'management', epoch: 3 }),
        machineIs(
          'management',
          140,
          { name: 'c-2', version: 63, deleting: true, finalizers: [] },
          { actor: CORE_MANAGER },
        ),
        ...['c-1', 'c-2'].map((name) =>
          machineIs('workload', 150, { name, version: 60, deleting: true, finalizers: [] }),
        ),
        clusterIs(
          'workload',
          155,
          { version: 61 },
          {
            verb: 'delete',
            answer: { kind: 'Status', details: { uid: 'workload-c' } },
          },
        ),
      ],
    },
    {
      reason: 'the garbage collector takes what is on the other side, while it is paused here',
      lines: GOOD.map((line) => (line.at === 175 ? { ...line, actor: COLLECTOR } : line)),
    },
  ])('$reason', ({ lines }) => {
    expect(judge(historyOf(lines), { actors: ACTORS, atRest: true })).toEqual([]);
  });

  it('a cut-off handover, as long as nothing has come to rest', () => {
    expect(verdict(HALF_WAY, false)).toEqual([]);
    expect(verdict(HALF_WAY, true)).toEqual(['I7']);
  });
});

describe('what the oracle catches', () => {
  it.each<{ reason: string; lines: readonly Line[]; expected: readonly string[] }>([
    {
      reason: 'the source runs again after the target has begun',
      lines: [
        ...GOOD,
        clusterIs('management', 155, { version: 21, owner: 'management', epoch: 4 }),
      ],
      expected: ['I1', 'I3'],
    },
    {
      reason: 'the source was never paused',
      lines: GOOD.filter(({ at }) => at !== 100),
      expected: ['I1', 'I3'],
    },
    {
      reason: 'the source is paused one millisecond after the target begins',
      lines: GOOD.map((line) => (line.at === 100 ? { ...line, at: 151 } : line)),
      expected: ['I1'],
    },
    {
      reason: 'a side runs what another side owns',
      lines: instead(
        clusterIs('workload', 150, { version: 8, paused: false, owner: 'moving', epoch: 3 }),
      ),
      expected: ['I1', 'I7'],
    },
    {
      reason: 'the epoch falls on one side',
      lines: [...GOOD, clusterIs('workload', 300, { version: 70, owner: 'workload', epoch: 2 })],
      expected: ['I2'],
    },
    {
      reason: 'the owner changes at the same epoch',
      lines: instead(
        clusterIs('workload', 150, { version: 8, paused: false, owner: 'workload', epoch: 2 }),
      ),
      expected: ['I2'],
    },
    {
      reason: 'the other side takes over at an epoch that is no higher',
      lines: GOOD.map((line) => {
        if (line.at === 100) return clusterIs('management', 100, { version: 20, paused: true });
        if (line.at === 0) return clusterIs('management', 0, { version: 10, epoch: 3 }, CREATE);
        return line;
      }).filter(({ at }) => at !== 180 && at !== 178),
      expected: ['I2', 'I7'],
    },
    {
      reason: 'a Machine was not copied, and is retired',
      lines: GOOD.filter(({ at }) => at !== 125),
      expected: ['I3', 'I5'],
    },
    {
      reason: 'a copy is another machine',
      lines: instead(
        machineIs('workload', 125, { name: 'c-2', version: 7, providerID: 'x://9' }, CREATE),
      ),
      expected: ['I3'],
    },
    {
      reason: 'a controller makes a Machine on the side that waits',
      lines: [
        ...HALF_WAY,
        machineIs('workload', 130, { name: 'c-9', version: 9 }, { ...CREATE, actor: KCP }),
      ],
      expected: ['I3', 'I7'],
    },
    {
      reason: 'the product makes a Machine of which there is none',
      lines: [...GOOD, machineIs('workload', 300, { name: 'c-9', version: 71 }, CREATE)],
      expected: ['I3'],
    },
    {
      reason: 'the product ends a Machine that is nowhere else',
      lines: [
        ...GOOD,
        machineIs('workload', 300, { name: 'c-3', version: 0 }, { ...GONE, actor: PROVIDER }),
      ],
      expected: ['I3', 'I5'],
    },
    {
      reason: 'the product ends a Machine while its cluster runs there',
      lines: [
        ...HALF_WAY.filter(({ at }) => at !== 100),
        machineIs('management', 140, { name: 'c-1', version: 80, deleting: true, finalizers: [] }),
      ],
      expected: ['I3', 'I7'],
    },
    {
      reason: 'a certificate authority is made once more on the other side',
      lines: [...GOOD, secretMade('workload', 300, 'c-ca', KCP)],
      expected: ['I4'],
    },
    {
      reason: 'the product deletes what it neither made nor moved',
      lines: [
        ...GOOD,
        { ...secretMade('workload', 300, 'app', PROVIDER), verb: 'delete', code: 200 },
      ],
      expected: ['I5'],
    },
    {
      reason: 'the product deletes a whole collection',
      lines: [
        ...GOOD,
        { ...secretMade('management', 300, 'c-ca', PROVIDER), verb: 'deletecollection', code: 200 },
      ],
      expected: ['I5'],
    },
    {
      reason: 'both sides are paused in the end',
      lines: GOOD.map((line) =>
        line.at === 150
          ? clusterIs('workload', 150, { version: 8, paused: true, owner: 'workload', epoch: 3 })
          : line,
      ).filter(({ at }) => at < 200),
      expected: ['I7'],
    },
    {
      reason: 'the fenced Cluster is left behind',
      lines: GOOD.filter(({ at }) => at !== 180),
      expected: ['I7'],
    },
  ])('$reason: $expected', ({ lines, expected }) => {
    expect(verdict(lines)).toEqual(expected);
  });

  it('a user is allowed what the product is not', () => {
    const lines = [
      ...GOOD,
      machineIs('workload', 300, { name: 'c-3', version: 0 }, { ...GONE, actor: USER }),
    ];
    expect(verdict(lines)).toEqual([]);
  });
});
