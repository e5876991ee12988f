import { describe, expect, it } from '@jest/globals';
import { NOT_REACHED, type Outcome, type Series } from '../outcome.ts';
import { emptyProof, failures, merged, type Proof } from '../proof.ts';
import { table } from '../../report/markdown.ts';
import { report } from './report.ts';

const GOOD: Outcome = {
  cluster: 'k-1',
  to: 'workload',
  disturbance: 'kill after write 3 on management',
  kind: 'provider',
  step: 'Copy',
  write: 'POST machines.cluster.x-k8s.io',
  seconds: 4.25,
  findings: [],
  unmanagedMs: 900,
  auditedMs: 880,
};

function series(...outcomes: readonly Outcome[]): Series {
  return { wanted: outcomes.length, outcomes };
}

function proof(part: Partial<Proof>): Proof {
  return { ...emptyProof(7), ...part };
}

describe('report', () => {
  it('says that nothing was violated, with the times', () => {
    const text = report(proof({ gap: series(GOOD), kills: series(GOOD, GOOD) }));
    expect(text).toContain('Seed 7.');
    expect(text).toContain('No invariant was violated, nothing was stuck.');
    expect(text).toContain(
      '| random kills during handovers | 2 | 2 | 2 | 2 | 0 | 4.3 | 4.3 | 4.3 |',
    );
    expect(text).toContain('| audit logs | 1 | 880 | 880 | 880 | 880 |');
    expect(text).toContain('| Pivot.status.unmanagedMilliseconds | 1 | 900 | 900 | 900 | 900 |');
  });

  it('says how far a run came that was stopped, and that secrets were not looked for', () => {
    const missed = { ...GOOD, write: NOT_REACHED };
    const text = report(proof({ kills: { wanted: 9, outcomes: [GOOD, missed] }, worlds: 1 }));
    expect(text).toContain('- random kills during handovers: 1 of 9');
    expect(text).toContain('at the end of 0 of 1 worlds');
  });

  it.each([
    {
      reason: 'a violation',
      outcome: { ...GOOD, findings: ['I1: both run'] },
      expected: 'I1: both run',
    },
    { reason: 'a handover that is stuck', outcome: stuck(), expected: 'stuck: it waits' },
  ])('tells $reason, and fails by it', ({ outcome, expected }) => {
    const found = proof({ faults: series(outcome) });
    expect(failures(found)).toEqual([expect.stringContaining(expected)]);
    expect(report(found)).toContain(expected);
  });

  it('fails by a secret that is told, and by a life that ended badly', () => {
    const life = { name: 'life-1', flavour: 'claim', stuck: 'it waits', findings: [] } as const;
    const found = proof({
      secrecy: ['I6: provider.log'],
      lives: { wanted: 1, ended: [life], kills: [] },
    });
    expect(failures(found)).toEqual(['life-1: stuck: it waits', 'I6: provider.log']);
  });

  it('sums up kills by process, and faults by kind', () => {
    const api = { ...GOOD, kind: 'API server of workload', write: '-' };
    const fault = { ...GOOD, kind: 'stall' };
    const kills = [{ victim: 'function', phases: ['Pivoting'] }];
    const text = report(
      proof({
        kills: series(GOOD, api),
        faults: series(fault),
        lives: { wanted: 1, ended: [], kills },
      }),
    );
    expect(text).toContain('| API server of workload | 0 | 0 | 1 | 0 | 0 | 1 |');
    expect(text).toContain('| function | 0 | 0 | 0 | 0 | 1 | 1 |');
    expect(text).toContain('Random kills: 3.');
    expect(text).toContain('| stall | 1 | 1 | 1 | 0 | 4.3 | 4.3 |');
    expect(text).toContain('| 409 | 0 | 0 | 0 | 0 | - | - |');
  });

  it('shows the pauses of both movers side by side', () => {
    const cell = { workers: 10, roundTripMs: 50, milliseconds: [4000, 5000], requests: 99 };
    const text = report(proof({ pauses: [{ ...cell, mover: 'clusterctl move', medianMs: 4000 }] }));
    expect(text).toContain('| 10 | 50 ms | 4.00 | 4.00, 5.00 | 99 | not measured | - | - |');
  });

  it('writes cells that break no table', () => {
    expect(table(['a'], [['x|y']])).toBe('| a |\n| --- |\n| x\\|y |');
  });
});

describe('merged', () => {
  it('adds up what parts have done and what they were to do', () => {
    const first = proof({ kills: { wanted: 3, outcomes: [GOOD] }, looked: 1 });
    const second = { ...proof({ kills: series(stuck()) }), seeds: [8], problems: ['broke off'] };
    const whole = merged([first, second]);
    expect(whole).toMatchObject({
      seeds: [7, 8],
      kills: { wanted: 4, outcomes: [GOOD, stuck()] },
      looked: 1,
    });
    expect(failures(whole)).toHaveLength(2);
    expect(whole.faults).toBeUndefined();
  });
});

function stuck(): Outcome {
  const { seconds: _none, ...rest } = GOOD;
  return { ...rest, stuck: 'it waits' };
}
