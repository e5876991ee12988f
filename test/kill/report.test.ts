import { describe, expect, it } from '@jest/globals';
import type { Outcome } from './handover.ts';
import { failures, report, table } from './report.ts';

const GOOD: Outcome = {
  cluster: 'k-1',
  to: 'workload',
  disturbance: 'kill after write 3 on management',
  step: 'Copy',
  write: 'POST machines.cluster.x-k8s.io',
  seconds: 4.25,
  findings: [],
  unmanagedMs: 900,
  auditedMs: 880,
};

describe('report', () => {
  it('says that nothing was violated, with the times', () => {
    const text = report({ seed: 7, gap: [GOOD], kills: [GOOD, GOOD], secrecy: [] });
    expect(text).toContain('Seed 7.');
    expect(text).toContain('No invariant was violated, nothing was stuck.');
    expect(text).toContain('| random kills | 2 | 2 | 0 | 4.3 | 4.3 | 4.3 |');
    expect(text).toContain('| audit logs | 1 | 880 | 880 | 880 |');
    expect(text).toContain('| Pivot.status.unmanagedMilliseconds | 1 | 900 | 900 | 900 |');
  });

  it.each([
    {
      reason: 'a violation',
      outcome: { ...GOOD, findings: ['I1: both run'] },
      expected: 'I1: both run',
    },
    { reason: 'a handover that is stuck', outcome: stuck(), expected: 'stuck: it waits' },
  ])('tells $reason, and fails by it', ({ outcome, expected }) => {
    const proof = { seed: 7, faults: [outcome], secrecy: [] };
    expect(failures(proof)).toEqual([expect.stringContaining(expected)]);
    expect(report(proof)).toContain(expected);
  });

  it('fails by a secret that is told', () => {
    expect(failures({ seed: 7, secrecy: ['I6: provider.log'] })).toEqual(['I6: provider.log']);
  });

  it('writes cells that break no table', () => {
    expect(table(['a'], [['x|y']])).toBe('| a |\n| --- |\n| x\\|y |');
  });
});

function stuck(): Outcome {
  const { cluster, to, disturbance, step, write, findings } = GOOD;
  return { cluster, to, disturbance, step, write, findings, stuck: 'it waits' };
}
