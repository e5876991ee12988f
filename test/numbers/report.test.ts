import { describe, expect, it } from '@jest/globals';
import type { Handover, Life, Numbers } from './numbers.ts';
import { report } from './report.ts';

const LIFE: Life = {
  marks: { phases: { apiServer: 40, complete: 200 }, conditions: {} },
  seconds: 200,
  timeline: [],
  loads: [],
  removal: [],
};

function numbers(part: Partial<Numbers>): Numbers {
  return {
    date: '2026-01-01T00:00:00Z',
    versions: { kubernetes: 'v1.36.3' },
    machine: { cores: 2, memoryGiB: 8, kernel: '6.1', loadBegin: [0.1, 0.2, 0.3] },
    lives: ['product', 'hand'],
    moves: [],
    pivots: [],
    wanted: 20,
    problems: [],
    ...part,
  };
}

function handover(to: Handover['to'], toldMs: number): Handover {
  return { to, seconds: 3, toldMs, seenMs: toldMs + 10 };
}

describe('report', () => {
  it('puts both lives side by side, with the ratio', () => {
    const product = { ...LIFE, marks: { phases: { apiServer: 50 }, conditions: {} }, seconds: 230 };
    const text = report(numbers({ product, hand: LIFE }));
    expect(text).toContain('| the API server of CP-A answers | 50.0 | 40.0 | 1.25 |');
    expect(text).toContain('| 230.0 | 200.0 | 1.15 |');
    expect(text).toContain('1.15 times as long as by hand; the goal of at most 1.2 is met');
  });

  it.each([
    { ours: 240, is: 'met' },
    { ours: 260, is: '**missed**' },
  ])('says of $ours s beside 200 s that the goal is $is', ({ ours, is }) => {
    const text = report(numbers({ product: { ...LIFE, seconds: ours }, hand: LIFE }));
    expect(text).toContain(`the goal of at most 1.2 is ${is}`);
  });

  it('compares nothing when one life is missing', () => {
    const text = report(numbers({ product: LIFE }));
    expect(text).toContain('| the API server of CP-A answers | 40.0 | - | - |');
    expect(text).toContain('nothing to compare');
  });

  it('spreads the pauses by direction, and holds them against the goals', () => {
    const pivots = [
      handover('workload', 900),
      handover('management', 2500),
      handover('workload', 1100),
    ];
    const text = report(numbers({ pivots, moves: [{ to: 'workload', seconds: 4, seenMs: 3900 }] }));
    expect(text).toContain('| Pivot, both ways | 3 | 1100 | 2500 | 2500 | 1110 | 2510 | 3.0 |');
    expect(text).toContain('| Pivot there | 2 | 900 | 1100 | 1100 |');
    expect(text).toContain('| Pivot back | 1 | 2500 |');
    expect(text).toContain(
      '| `clusterctl move` there (one node) | 1 | - | - | - | 3900 | 3900 | 4.0 |',
    );
    expect(text).toContain('p50 at most 2000 ms is met, p99 at most 10000 ms is met');
    expect(text).toContain('differ by at most 10 ms (3 compared)');
    expect(text).toContain('Only 3 of 20 handovers were made.');
  });

  it('tells where the seconds of Pivots go', () => {
    const steps = [
      { what: 'Fence', seconds: 0.8 },
      { what: 'Retire', seconds: 4 },
    ];
    const slow = [{ what: 'Fence', seconds: 9.04 }];
    const pivots = [
      { ...handover('workload', 900), steps },
      { ...handover('management', 9100), steps: slow },
    ];
    const text = report(numbers({ pivots }));
    expect(text).toContain('| Fence | 2 | 0.8 | 9.0 |');
    expect(text).toContain('| Retire | 1 | 4.0 | 4.0 |');
  });

  it('says that a pause was too long', () => {
    const text = report(numbers({ pivots: [handover('workload', 12_000)] }));
    expect(text).toContain('p50 at most 2000 ms is **missed**, p99 at most 10000 ms is **missed**');
  });

  it('tells nodes and Pods, and their sum', () => {
    const pods = [
      { namespace: 'capi-system', name: 'core', memoryMiB: 50.2, cores: 0.01 },
      { namespace: 'managed-cluster-system', name: 'agent', memoryMiB: 70.1, cores: Number.NaN },
    ];
    const nodes = [{ node: 'cp-a', memoryMiB: 900, cores: 0.25, pods }];
    const text = report(numbers({ product: { ...LIFE, loads: [{ when: 'at rest', nodes }] } }));
    expect(text).toContain('product, at rest, node cp-a:');
    expect(text).toContain('| the whole node | 900 | 0.250 |');
    expect(text).toContain('| these Pods together | 120 | - |');
    expect(text).toContain('| capi-system/core | 50 | 0.010 |');
  });

  it('adds up the steps of the way back', () => {
    const removal = [
      { what: '`clusterctl move` back', seconds: 6 },
      { what: 'kubectl delete cluster', seconds: 20.5 },
    ];
    const text = report(numbers({ hand: { ...LIFE, removal } }));
    expect(text).toContain('| by hand | together | 26.5 |');
  });

  it('shows what happened, and what broke off', () => {
    const timeline = [
      { seconds: 1.25, what: 'kubectl apply' },
      { seconds: 2, what: 'x'.repeat(500) },
    ];
    const text = report(numbers({ hand: { ...LIFE, timeline }, problems: ['pivots: stuck'] }));
    expect(text).toContain('   1.3 s  kubectl apply');
    expect(text).toContain(`   2.0 s  ${'x'.repeat(149)}…`);
    expect(text).toContain('- pivots: stuck');
    expect(report(numbers({}))).not.toContain('broke off');
  });
});
