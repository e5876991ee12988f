import { milliseconds, seconds, table } from '../report/markdown.ts';
import { median, percentile } from '../report/statistics.ts';
import { SIDES, type Side } from '../oracle/audit-event.ts';
import { PAUSE_GOALS, type Handover, type Numbers } from './numbers.ts';

const HEAD = [
  'pause, ms',
  'how often',
  'p50',
  'p99',
  'worst',
  'p50 seen',
  'worst seen',
  'p50 s to the end',
];

/** pauseTables tell how long nobody had a cluster while it was handed over. */
export function pauseTables(numbers: Numbers): readonly string[] {
  const { pivots, moves, product, wanted } = numbers;
  const rows = [
    ...(pivots.length === 0 ? [] : [spread('Pivot, both ways', pivots), ...byDirection(pivots)]),
    ...moves.map((move) => spread(`\`clusterctl move\` ${wayTo(move.to)}`, [move])),
  ];
  const own = product?.unmanagedMs;
  return [
    table(HEAD, rows),
    ...(own === undefined
      ? []
      : [`In the life of the claim nobody had the cluster for ${own} ms.`]),
    ...(pivots.length < wanted ? [`Only ${pivots.length} of ${wanted} handovers were made.`] : []),
    ...(pivots.length === 0 ? [] : [verdict(pivots), deviation(pivots), stepTable(pivots)]),
  ];
}

/** Where the seconds of a Pivot go. */
function stepTable(pivots: readonly Handover[]): string {
  const names = [...new Set(pivots.flatMap(({ steps = [] }) => steps.map(({ what }) => what)))];
  const rows = names.map((name) => {
    const took = pivots.flatMap(({ steps = [] }) =>
      steps.filter(({ what }) => what === name).map((step) => step.seconds),
    );
    return [name, String(took.length), ...[median(took), worst(took)].map((one) => seconds(one))];
  });
  return table(['step of the Pivots', 'how often', 'p50 s', 'worst s'], rows);
}

function wayTo(side: Side): string {
  return side === 'workload' ? 'there (one node)' : 'back (all nodes)';
}

function byDirection(pivots: readonly Handover[]): readonly (readonly string[])[] {
  return SIDES.toReversed().map((side) =>
    spread(
      side === 'workload' ? 'Pivot there' : 'Pivot back',
      pivots.filter(({ to }) => to === side),
    ),
  );
}

function spread(what: string, handovers: readonly Handover[]): readonly string[] {
  const told = handovers.flatMap(({ toldMs }) => toldMs ?? []);
  const seen = handovers.flatMap(({ seenMs }) => seenMs ?? []);
  const took = handovers.map((one) => one.seconds);
  return [
    what,
    String(handovers.length),
    ...[median(told), percentile(told, 0.99), worst(told)].map(milliseconds),
    ...[median(seen), worst(seen)].map(milliseconds),
    seconds(median(took)),
  ];
}

function worst(values: readonly number[]): number {
  return percentile(values, 1);
}

function verdict(pivots: readonly Handover[]): string {
  const told = pivots.flatMap(({ toldMs }) => toldMs ?? []);
  const goals = [
    `p50 at most ${PAUSE_GOALS.p50} ms is ${metIf(median(told) <= PAUSE_GOALS.p50)}`,
    `p99 at most ${PAUSE_GOALS.p99} ms is ${metIf(percentile(told, 0.99) <= PAUSE_GOALS.p99)}`,
  ];
  return `Goals: ${goals.join(', ')}. p99 of so few is the worst of them.`;
}

function metIf(isMet: boolean): string {
  return isMet ? 'met' : '**missed**';
}

/** Whether what the provider tells of itself is what a watcher sees. */
function deviation(pivots: readonly Handover[]): string {
  const differences = pivots.flatMap(({ toldMs, seenMs }) =>
    toldMs === undefined || seenMs === undefined ? [] : [Math.abs(toldMs - seenMs)],
  );
  return `What a Pivot tells and what is seen differ by at most ${milliseconds(worst(differences))} ms (${differences.length} compared).`;
}
