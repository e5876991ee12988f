import { INVARIANTS } from '../oracle/finding.ts';
import type { MoveKill, Stock } from './clusterctl-kills.ts';
import type { MoveStage } from './clusterctl-stage.ts';
import type { Outcome } from './handover.ts';
import { pointName } from './kill-point.ts';
import type { Matrix } from './matrix.ts';
import type { Pause } from './pauses.ts';
import type { Teardowns } from './teardown.ts';
import { median, percentile } from './statistics.ts';

/** Proof is what has been measured; what was not asked for is absent. */
export interface Proof {
  readonly seed: number;
  readonly moves?: MoveStage;
  readonly matrix?: Matrix;
  readonly kills?: readonly Outcome[];
  readonly faults?: readonly Outcome[];
  readonly gap?: readonly Outcome[];
  readonly twins?: readonly Outcome[];
  readonly teardown?: Teardowns;
  readonly pauses?: readonly Pause[];
  /** Findings about secrets, over the whole run. */
  readonly secrecy: readonly string[];
  /** Stages that broke off. */
  readonly problems?: readonly string[];
}

/** report is the proof as Markdown, without anything of the machine that it was made on. */
export function report(proof: Proof): string {
  const parts = [
    ['# Kill report', `Seed ${proof.seed}.`, ...legend()],
    summary(proof),
    matrixPart(proof.matrix),
    outcomesPart('Random kills', proof.kills),
    outcomesPart('Injected faults', proof.faults),
    outcomesPart('A second replica without leader election', proof.twins),
    teardownPart(proof.teardown),
    gapPart(proof.gap),
    movesPart(proof.moves),
    pausesPart(proof.pauses),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n\n'))
    .join('\n\n')}\n`;
}

/** table is a table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`,
  );
  return lines.join('\n');
}

/** failures are the outcomes that must not be. */
export function failures(proof: Proof): readonly string[] {
  const { matrix, teardown, kills = [], faults = [], gap = [], twins = [] } = proof;
  const sets = [matrix?.outcomes, teardown?.outcomes, kills, faults, gap, twins];
  const outcomes = sets.flatMap((set) => set ?? []);
  return [...outcomes.flatMap(failureOf), ...proof.secrecy, ...(proof.problems ?? [])];
}

function failureOf({ cluster, disturbance, write, stuck, findings }: Outcome): readonly string[] {
  const where = `${cluster}, ${disturbance} (${write})`;
  return [...(stuck === undefined ? [] : [`stuck: ${stuck}`]), ...findings].map(
    (text) => `${where}: ${text}`,
  );
}

function legend(): readonly string[] {
  const rows = Object.entries(INVARIANTS).map(([name, text]) => [name, text]);
  return ['Judged from the audit logs of both API servers:', table(['', 'invariant'], rows)];
}

function summary(proof: Proof): readonly string[] {
  const found = failures(proof);
  const lines = found.map((text) => `- ${text}`);
  const sets: readonly (readonly [string, readonly Outcome[] | undefined])[] = [
    ['kill before and after every write', proof.matrix?.outcomes],
    ['random kills', proof.kills],
    ['injected faults', proof.faults],
    ['two replicas without leader election', proof.twins],
    ['teardown, kill before and after writes', proof.teardown?.outcomes],
    ['undisturbed', proof.gap],
  ];
  const rows = sets.flatMap(([name, outcomes]) =>
    outcomes === undefined ? [] : [[name, ...countsOf(outcomes)]],
  );
  const head = ['', 'handovers', 'converged', 'violations', 'median s', 'p99 s', 'worst s'];
  return [
    '## Summary',
    ...(rows.length === 0 ? [] : [table(head, rows)]),
    found.length === 0 ? 'No invariant was violated, nothing was stuck.' : lines.join('\n'),
  ];
}

function countsOf(outcomes: readonly Outcome[]): readonly string[] {
  const seconds = outcomes.flatMap((outcome) => outcome.seconds ?? []);
  const violations = outcomes.reduce((sum, { findings }) => sum + findings.length, 0);
  const times = [median(seconds), percentile(seconds, 0.99), Math.max(...seconds)];
  return [
    ...[outcomes.length, seconds.length, violations].map(String),
    ...times.map((time) => time.toFixed(1)),
  ];
}

function matrixPart(matrix: Matrix | undefined): readonly string[] {
  if (matrix === undefined) return [];
  const { writes, requests, points } = matrix;
  const rows = (['workload', 'management'] as const).map((to) => [
    `to ${to}`,
    String(writes[to].management),
    String(writes[to].workload),
    String(requests[to]),
  ]);
  return [
    '## SIGKILL of the provider before and after every write',
    table(['undisturbed', 'writes on management', 'writes on workload', 'requests'], rows),
    `${points} kill points were chosen.`,
    outcomesTable(matrix.outcomes),
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

function outcomesPart(title: string, outcomes: readonly Outcome[] | undefined): readonly string[] {
  return outcomes === undefined ? [] : [`## ${title}`, outcomesTable(outcomes)];
}

function outcomesTable(outcomes: readonly Outcome[]): string {
  const head = [
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
  return table(
    head,
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

function gapPart(gap: readonly Outcome[] | undefined): readonly string[] {
  if (gap === undefined) return [];
  const audited = gap.flatMap(({ auditedMs }) => auditedMs ?? []);
  const told = gap.flatMap(({ unmanagedMs }) => unmanagedMs ?? []);
  const rows = [
    ['audit logs', audited],
    ['Pivot.status.unmanagedMilliseconds', told],
  ] as const;
  return [
    '## Unmanaged gap, undisturbed',
    table(
      ['by', 'handovers', 'p50 ms', 'p99 ms', 'worst ms'],
      rows.map(([name, values]) => [
        name,
        String(values.length),
        percentile(values, 0.5).toFixed(0),
        percentile(values, 0.99).toFixed(0),
        Math.max(...values).toFixed(0),
      ]),
    ),
  ];
}

function movesPart(moves: MoveStage | undefined): readonly string[] {
  if (moves === undefined) return [];
  const { kills, writes, requests, wrongCure } = moves;
  const human = kills.filter(({ rerun }) => rerun === 'refused' || rerun === 'left paused');
  return [
    '## `clusterctl move`, killed after a write',
    `An undisturbed move: ${writes.management} writes on the source, ${writes.workload} on the target, ${requests} requests. Killed ${kills.length} times: ${human.length} need a human.`,
    table(
      ['killed', 'at', 'source', 'target', 'the same command again', 'human needed'],
      kills.map(moveRow),
    ),
    'A cut-off move, cured wrongly (both sides un-paused), as the oracle sees it:',
    wrongCure.map((text) => `- ${text}`).join('\n'),
  ];
}

function moveRow(kill: MoveKill): readonly string[] {
  const { point, write, complete, source, target, rerun, findings } = kill;
  const isHuman = rerun === 'refused' || rerun === 'left paused';
  const found = findings.length === 0 ? '' : ` (${findings.join('; ')})`;
  return [
    pointName(point),
    write ?? 'not reached',
    stockText(source, complete),
    stockText(target, complete),
    rerun,
    `${isHuman ? 'yes' : 'no'}${found}`,
  ];
}

function stockText({ objects, paused }: Stock, complete: number): string {
  const state = paused === undefined ? '' : paused ? ', paused' : ', running';
  return `${objects}/${complete}${state}`;
}

function pausesPart(pauses: readonly Pause[] | undefined): readonly string[] {
  if (pauses === undefined) return [];
  return [
    '## Seconds in which nobody reconciles',
    table(
      ['workers', 'added round trip', 'mover', 'requests', 'median s', 'all s'],
      pauses.map(({ workers, roundTripMs, mover, requests, medianMs, milliseconds }) => [
        String(workers),
        `${roundTripMs} ms`,
        mover,
        String(requests),
        (medianMs / 1000).toFixed(2),
        milliseconds.map((ms) => (ms / 1000).toFixed(2)).join(', '),
      ]),
    ),
  ];
}
