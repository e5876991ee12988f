import { describe, expect, it } from '@jest/globals';
import { readEvents } from './audit-event.ts';
import { handoversOf } from './handovers.ts';
import type { History } from './history.ts';
import { judge } from './oracle.ts';
import { GOOD } from './story.ts';
import { ACTORS, auditLine, clusterIs, historyOf } from './testing/audit-lines.ts';

function clusterOf(history: History) {
  const [cluster] = history.clusters();
  if (cluster === undefined) throw new Error('the story has a cluster');
  return cluster;
}

describe('what an audit log tells', () => {
  it('how long nobody reconciled the cluster', () => {
    const [handover, ...more] = handoversOf(clusterOf(historyOf(GOOD)));
    expect(handover).toMatchObject({ cluster: 'team-a/c', to: 'workload', milliseconds: 50 });
    expect(more).toEqual([]);
  });

  it('a line that a killed API server left half is skipped, and the one glued to it is read', () => {
    const line = auditLine(clusterIs('management', 0, { version: 1 }));
    const { events, unreadable } = readEvents(
      `${line.slice(0, 100)}${line}\n${line.slice(0, 50)}\n`,
    );
    expect([events.length, unreadable]).toEqual([1, 1]);
  });

  it('an end that no line tells of is known from a list', () => {
    const lines = GOOD.filter(({ at }) => at !== 180);
    const history = historyOf(lines);
    const late = { from: Date.parse('2026-01-01T00:01:00Z') * 1000, to: Infinity };
    history.addList('management', 'Cluster', [], late);
    expect(judge(history, { actors: ACTORS, atRest: true })).toEqual([]);
  });

  it('a pause and an end that no line tells of are known from a watch', () => {
    const unwritten = GOOD.filter(({ at }) => ![100, 180].includes(at));
    const history = historyOf(unwritten);
    const [pause, end] = [100, 180].map((at) => GOOD.find((line) => line.at === at));
    const beginning = Date.parse('2026-01-01T00:00:00Z') * 1000;
    const fenced = pause?.answer ?? {};
    history.addSeen('management', fenced, { time: beginning + 103_000, gone: false });
    history.addSeen('management', fenced, { time: beginning + 190_000, gone: true });
    expect(end).toBeDefined();
    expect(judge(history, { actors: ACTORS, atRest: true })).toEqual([]);
  });

  it('a state that was only looked at began somewhere before', () => {
    const lines = GOOD.map((line) => (line.at === 100 ? { ...line, at: 155, verb: 'get' } : line));
    const findings = judge(historyOf(lines), { actors: ACTORS, atRest: true });
    expect(findings.map(({ invariant }) => invariant)).toContain('I1');
  });
});
