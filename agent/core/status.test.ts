import { describe, expect, it } from '@jest/globals';
import type { Report } from './report.ts';
import { statusOf } from './status.ts';

const REPORT: Report = {
  status: { layers: [{ name: 'a', phase: 'Ready' }] },
  conditions: [{ type: 'WorkersReady', status: 'True', reason: 'Ready', message: 'm' }],
};
const SPEAKER = { agentVersion: '1', observedGeneration: 3, now: '2026-01-01T00:00:00Z' };

describe('statusOf', () => {
  const first = statusOf(undefined, REPORT, SPEAKER);

  it('says all, once', () => {
    expect(first).toMatchObject({
      observedGeneration: 3,
      lastReportTime: SPEAKER.now,
      agentVersion: '1',
    });
    expect(statusOf(first, REPORT, { ...SPEAKER, now: '2026-01-02T00:00:00Z' })).toBeUndefined();
  });

  it('keeps the time of a condition that stays, and what others say', () => {
    const conditions = [
      ...(first?.conditions ?? []),
      { type: 'Other', status: 'False', reason: 'R', message: '', lastTransitionTime: 't' },
    ];
    const later = { ...SPEAKER, observedGeneration: 4, now: '2026-01-02T00:00:00Z' };
    const next = statusOf({ ...first, conditions }, REPORT, later);
    expect(next?.conditions).toEqual([
      { type: 'Other', status: 'False', reason: 'R', message: '', lastTransitionTime: 't' },
      { ...REPORT.conditions[0], observedGeneration: 4, lastTransitionTime: SPEAKER.now },
    ]);
  });

  it('takes back what is no longer reported', () => {
    const more = { ...REPORT, status: { ...REPORT.status, controlPlane: { ready: 1 } } };
    const before = statusOf(undefined, more, SPEAKER);
    expect(statusOf(before, REPORT, SPEAKER)).not.toHaveProperty('controlPlane');
  });
});
