import { INVARIANTS } from '../../oracle/finding.ts';
import type { Matrix } from '../matrix.ts';
import type { Outcome, Series } from '../outcome.ts';
import type { Proof } from '../proof.ts';
import type { Teardowns } from '../teardown.ts';
import { faultsPart, killsPart } from './kinds.ts';
import { livesPart } from './lives.ts';
import { table } from '../../report/markdown.ts';
import { movesPart, sideBySide } from './moves.ts';
import { gapPart, pausesPart } from './pauses.ts';
import { summary } from './summary.ts';

/** report is the proof as Markdown, without anything of the machine that it was made on. */
export function report(proof: Proof): string {
  const parts = [
    ['# Kill report', seeds(proof), ...legend(), ...againPart(proof)],
    summary(proof),
    killsPart(proof),
    faultsPart(proof),
    sideBySide(proof),
    pausesPart(proof),
    gapPart(proof),
    livesPart(proof),
    movesPart(proof),
    matrixPart(proof.matrix),
    teardownPart(proof.teardown),
    outcomesPart('Random kills during handovers', proof.kills),
    outcomesPart('Injected faults', proof.faults),
    outcomesPart('A second replica without leader election', proof.twins),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n\n'))
    .join('\n\n')}\n`;
}

function seeds({ seeds: all }: Proof): string {
  return all.length === 1 ? `Seed ${all.join()}.` : `Seeds ${all.join(', ')}, one for each part.`;
}

function legend(): readonly string[] {
  const rows = Object.entries(INVARIANTS).map(([name, text]) => [name, text]);
  return ['Judged from the audit logs of both API servers:', table(['', 'invariant'], rows)];
}

function againPart({ again = [] }: Proof): readonly string[] {
  return again.map(
    ({ events, clusters, findings }) =>
      `${clusters} clusters of one part were judged a second time, from all audit logs of their world ` +
      `(${events} events), in place of what the oracle said meanwhile: ${findings.length} violations` +
      (findings.length === 0 ? '.' : `:\n\n${findings.map((text) => `- ${text}`).join('\n')}`),
  );
}

function matrixPart(matrix: Matrix | undefined): readonly string[] {
  if (matrix === undefined) return [];
  const { writes, requests, outcomes } = matrix;
  const rows = (['workload', 'management'] as const).map((to) => [
    `to ${to}`,
    String(writes[to].management),
    String(writes[to].workload),
    String(requests[to]),
  ]);
  return [
    '## SIGKILL of the provider before and after every write',
    table(['undisturbed', 'writes on management', 'writes on workload', 'requests'], rows),
    outcomesTable(outcomes),
  ];
}

function teardownPart(teardown: Teardowns | undefined): readonly string[] {
  if (teardown === undefined) return [];
  const { writes, outcomes } = teardown;
  return [
    '## Teardown, SIGKILL of the provider before and after every write',
    `Undisturbed: ${writes.management} writes on management, ${writes.workload} on workload.`,
    outcomesTable(outcomes),
  ];
}

function outcomesPart(title: string, series: Series | undefined): readonly string[] {
  return series === undefined ? [] : [`## ${title}`, outcomesTable(series.outcomes)];
}

const HEAD = [
  'run',
  'cluster',
  'to',
  'disturbance',
  'step',
  'at',
  'seconds',
  'unmanaged ms',
  'invariants',
];

function outcomesTable(outcomes: readonly Outcome[]): string {
  return table(
    HEAD,
    outcomes.map((outcome, index) => [
      String(index + 1),
      outcome.cluster,
      outcome.to,
      outcome.disturbance,
      outcome.step,
      outcome.write,
      outcome.seconds?.toFixed(1) ?? `stuck: ${outcome.stuck ?? ''}`,
      outcome.auditedMs?.toFixed(0) ?? '-',
      outcome.findings.length === 0 ? 'hold' : outcome.findings.join('; '),
    ]),
  );
}
