import type { Pause } from '../pauses.ts';
import type { Proof } from '../proof.ts';
import { percentile } from '../../report/statistics.ts';
import { milliseconds, table } from '../../report/markdown.ts';

const MOVERS = ['clusterctl move', 'Pivot'] as const;

/** pausesPart is how long nobody reconciles, mover beside mover. */
export function pausesPart({ pauses }: Proof): readonly string[] {
  if (pauses === undefined) return [];
  const cells = [...new Set(pauses.map(cellOf))];
  const rows = cells.map((cell) => {
    const [workers = '', added = ''] = cell.split(' ');
    const pair = MOVERS.map((mover) =>
      pauses.find((pause) => pause.mover === mover && cellOf(pause) === cell),
    );
    return [workers, `${added} ms`, ...pair.flatMap(textsOf)];
  });
  return [
    '## Seconds in which nobody reconciles',
    'From the pause on the source to the start on the target, by the audit logs. The kernel has no `sch_netem`: the proxy before each API server adds the delay to every byte, half of it each way.',
    table(
      [
        'workers',
        'added round trip',
        ...MOVERS.flatMap((mover) => [`${mover}: median s`, 'all s', 'requests']),
      ],
      rows,
    ),
  ];
}

function cellOf({ workers, roundTripMs }: Pause): string {
  return `${workers} ${roundTripMs}`;
}

function textsOf(pause: Pause | undefined): readonly string[] {
  if (pause === undefined) return ['not measured', '-', '-'];
  const all = pause.milliseconds.map((ms) => (ms / 1000).toFixed(2));
  return [(pause.medianMs / 1000).toFixed(2), all.join(', '), String(pause.requests)];
}

/** gapPart is the same for handovers that nothing disturbs, as many as there were. */
export function gapPart({ gap }: Proof): readonly string[] {
  if (gap === undefined) return [];
  const rows = [
    ['audit logs', gap.outcomes.flatMap(({ auditedMs }) => auditedMs ?? [])],
    [
      'Pivot.status.unmanagedMilliseconds',
      gap.outcomes.flatMap(({ unmanagedMs }) => unmanagedMs ?? []),
    ],
  ] as const;
  return [
    '## Unmanaged gap, undisturbed',
    table(
      ['by', 'handovers', 'p50 ms', 'p90 ms', 'p99 ms', 'worst ms'],
      rows.map(([name, values]) => [
        name,
        String(values.length),
        ...[0.5, 0.9, 0.99, 1].map((share) => milliseconds(percentile(values, share))),
      ]),
    ),
  ];
}
