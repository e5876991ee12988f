import { FAULT_KINDS } from '../faults.ts';
import { isStruck, type Outcome } from '../outcome.ts';
import type { Proof } from '../proof.ts';
import { median } from '../../report/statistics.ts';
import { seconds, table } from '../../report/markdown.ts';

/** killsPart sums the kills up by process and stage. */
export function killsPart({ matrix, teardown, kills, twins, lives }: Proof): readonly string[] {
  const columns = [matrix, teardown, kills, twins].map((series) =>
    (series?.outcomes ?? []).filter(isStruck).map(({ kind }) => kind),
  );
  const struck = [...columns, (lives?.kills ?? []).map(({ victim }) => victim)];
  const victims = [...new Set(struck.flat())].toSorted();
  if (victims.length === 0) return [];
  const rows = victims.map((victim) => {
    const counts = struck.map((column) => column.filter((one) => one === victim).length);
    return [victim, ...counts.map(String), String(counts.reduce((sum, one) => sum + one, 0))];
  });
  const random = [struck[2], struck[4]].reduce((sum, column) => sum + (column?.length ?? 0), 0);
  return [
    '## SIGKILLs by process',
    table(
      [
        'killed',
        'forward and reverse',
        'teardown',
        'random, handovers',
        'two replicas',
        'random, whole lives',
        'in all',
      ],
      rows,
    ),
    `Random kills: ${random}.`,
  ];
}

/** faultsPart sums the injected faults up by kind. */
export function faultsPart({ faults }: Proof): readonly string[] {
  if (faults === undefined) return [];
  const rows = FAULT_KINDS.map((name) => {
    const all = faults.outcomes.filter(({ kind }) => kind === name);
    return [name, ...rowOf(all)];
  });
  return [
    '## Injected faults by kind',
    table(['fault', 'runs', 'struck', 'converged', 'violations', 'median s', 'worst s'], rows),
  ];
}

function rowOf(all: readonly Outcome[]): readonly string[] {
  const times = all.flatMap((outcome) => outcome.seconds ?? []);
  const violations = all.reduce((sum, { findings }) => sum + findings.length, 0);
  const counts = [all.length, all.filter(isStruck).length, times.length, violations];
  return [...counts.map(String), seconds(median(times)), seconds(Math.max(...times))];
}
