import type { Life } from '../lives/life.ts';
import { failures, struckIn, type Proof } from '../proof.ts';
import type { Series } from '../outcome.ts';
import { median, percentile } from '../../report/statistics.ts';
import { seconds, table } from '../../report/markdown.ts';

const HEAD = [
  'stage',
  'wanted',
  'struck',
  'runs',
  'converged',
  'violations',
  'median s',
  'p99 s',
  'worst s',
];

const UNDISTURBED = 'undisturbed';

/** summary is what came of each stage, and how far it came. */
export function summary(proof: Proof): readonly string[] {
  const sets: readonly (readonly [string, Series | undefined])[] = [
    ['forward and reverse: SIGKILL before and after every write', proof.matrix],
    ['teardown: SIGKILL before and after every write', proof.teardown],
    ['random kills during handovers', proof.kills],
    ['injected faults during handovers', proof.faults],
    ['two replicas without leader election', proof.twins],
    [UNDISTURBED, proof.gap],
  ];
  const rows = sets.flatMap(([name, series]) =>
    series === undefined ? [] : [[name, ...countsOf(series)]],
  );
  const found = failures(proof).map((text) => `- ${text}`);
  return [
    '## Summary',
    table(HEAD, [...rows, ...livesRow(proof), ...movesRow(proof)]),
    found.length === 0 ? 'No invariant was violated, nothing was stuck.' : found.join('\n'),
    secrecy(proof),
    ...unfinished(sets, proof),
  ];
}

function countsOf(series: Series): readonly string[] {
  const { wanted, outcomes } = series;
  const times = outcomes.flatMap((outcome) => outcome.seconds ?? []);
  const violations = outcomes.reduce((sum, { findings }) => sum + findings.length, 0);
  const counts = [wanted, struckIn(series), outcomes.length, times.length, violations];
  return [...counts.map(String), ...spread(times)];
}

function spread(times: readonly number[]): readonly string[] {
  return [median(times), percentile(times, 0.99), Math.max(...times)].map((time) => seconds(time));
}

function livesRow({ lives }: Proof): readonly (readonly string[])[] {
  if (lives === undefined) return [];
  const { wanted, ended, kills } = lives;
  const violations = ended.reduce((sum, { findings }) => sum + findings.length, 0);
  const good = ended.filter(({ stuck }) => stuck === undefined);
  const name = 'claims from apply to delete, everything killed at random';
  const counts = [wanted, kills.length, ended.length, good.length, violations].map(String);
  return [[name, ...counts, ...spread(good.flatMap(grownOf))]];
}

function grownOf({ grown }: Life): readonly number[] {
  return grown === undefined ? [] : [grown];
}

function movesRow({ moves }: Proof): readonly (readonly string[])[] {
  if (moves === undefined) return [];
  const { wanted, kills } = moves;
  const struck = kills.filter(({ write }) => write !== undefined);
  const healed = kills.filter(({ seconds: took }) => took !== undefined);
  const times = healed.flatMap(({ seconds: took }) => took ?? []);
  const name = '`clusterctl move`: SIGKILL after every write';
  const counts = [wanted, struck.length, kills.length, healed.length].map(String);
  return [[name, ...counts, '-', ...spread(times)]];
}

function secrecy({ looked, worlds }: Proof): string {
  return looked === worlds
    ? 'Secrets were looked for in all logs, Events and objects at the end of each world (I6).'
    : `Secrets were looked for (I6) at the end of ${looked} of ${worlds} worlds: the others were stopped before.`;
}

/** What was to be done, and how much of it was. */
type Extent = readonly [name: string, done: number, wanted: number];

function unfinished(
  sets: readonly (readonly [string, Series | undefined])[],
  { lives, moves }: Proof,
): readonly string[] {
  const extents: readonly Extent[] = [
    ...sets.flatMap(([name, series]): readonly Extent[] => {
      if (series === undefined) return [];
      const isCalm = name === UNDISTURBED;
      return [[name, isCalm ? series.outcomes.length : struckIn(series), series.wanted]];
    }),
    ...(lives === undefined ? [] : [['whole lives', lives.ended.length, lives.wanted] as const]),
    ...(moves === undefined
      ? []
      : [['`clusterctl move`', moves.kills.length, moves.wanted] as const]),
  ];
  const lines = extents
    .filter(([, done, wanted]) => done < wanted)
    .map(([name, done, wanted]) => `- ${name}: ${done} of ${wanted}`);
  return lines.length === 0 ? [] : ['Not all that was wanted was done:', lines.join('\n')];
}
