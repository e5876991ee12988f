import { seconds, table } from '../report/markdown.ts';
import { RATIO_GOAL, ratioOf, type Life, type Numbers, type Told } from './numbers.ts';
import { PHASE_NAMES, PHASES } from './phases.ts';
import { loadTables } from './report-loads.ts';
import { pauseTables } from './report-pauses.ts';

/** report renders what was measured as Markdown. */
export function report(numbers: Numbers): string {
  const { hand, product, problems } = numbers;
  const parts = [
    '# Numbers on real nodes',
    head(numbers),
    ...(problems.length === 0
      ? []
      : ['**This run broke off:**', problems.map((one) => `- ${one}`).join('\n')]),
    '## From the apply to a whole cluster',
    ...lives(numbers),
    '## The way back',
    wayBack(numbers),
    '## Nobody in charge',
    ...pauseTables(numbers),
    '## Memory and CPU',
    ...loadTables(numbers),
    '## What is measured',
    METHOD.map((one) => `- ${one}`).join('\n'),
    ...timeline('What the product told', product),
    ...timeline('What was done by hand', hand),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The whole text is in the JSON. */
const LONGEST_LINE = 150;

const METHOD = [
  'Both lives are led one after the other in one world, on the same machines, images and versions; what is applied by hand is the expansion of the very claim. The second one finds warmer caches of the machine.',
  'Phases are seen from outside, by one look each second at both API servers, in the same way in both lives; conditions are those of the claim.',
  'By hand means a script that never thinks: each command follows the end of the one before at once. What a person would need to read and type is not in it.',
  'By hand there is no agent, no escrow and no way back prepared; the admission policies of the product stand on the management side in both lives.',
  'Memory is the working set, CPU the mean of about 20 s, both as the kubelet tells them. Pages of a program file are charged to who read them first, so a Pod may have less than its processes show. The once-a-second look goes on meanwhile and is in the CPU of the API servers.',
  'Pivots hand over the whole cluster that was made by hand; before each one it is at rest (gates G1 and G2 without an agent) and 10 s pass. The Fence is over when every controller has said that it stands still.',
  '"Seen" pauses are those between two events of watches on both sides: the Cluster is paused on one, un-paused on the other.',
];

function head({ date, machine, versions, wanted, lives: order }: Numbers): string {
  const { cores, memoryGiB, kernel, loadBegin, loadEnd } = machine;
  const loads = [loadBegin, loadEnd].map((load) => load?.map((one) => one.toFixed(1)).join(' '));
  const known = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Made by \`npm run numbers\`, begun ${date}; lives in order: ${order.join(', ')}; ${wanted} handovers.`,
    `Machine: ${cores} cores, ${memoryGiB.toFixed(0)} GiB, Linux ${kernel}; load average (1, 5, 15 minutes) ${loads[0]} at the begin, ${loads[1] ?? '-'} at the end.`,
    `Versions: ${known.join(', ')}.`,
  ].join('\n');
}

function lives(numbers: Numbers): readonly string[] {
  const { product, hand } = numbers;
  const rows = PHASE_NAMES.map((name) => {
    const [ours, theirs] = [product, hand].map((life) => life?.marks.phases[name] ?? Number.NaN);
    return row(PHASES[name].title, ours, theirs);
  });
  const last = row(
    '**total**: by the claim, Operational and Ready too',
    product?.seconds,
    hand?.seconds,
  );
  return [
    table(['seconds since the apply', 'product', 'by hand', 'ratio'], [...rows, last]),
    verdict(ratioOf(numbers)),
    ...told(product),
  ];
}

function row(title: string, ours = Number.NaN, theirs = Number.NaN): readonly string[] {
  return [title, seconds(ours), seconds(theirs), seconds(ours / theirs, 2)];
}

function verdict(ratio: number | undefined): string {
  if (ratio === undefined) return 'Only one of both lives was led: nothing to compare.';
  const is = ratio <= RATIO_GOAL ? 'met' : '**missed**';
  return `The product takes ${ratio.toFixed(2)} times as long as by hand; the goal of at most ${RATIO_GOAL} is ${is}.`;
}

function told(product: Life | undefined): readonly string[] {
  const conditions = Object.entries(product?.marks.conditions ?? {});
  if (conditions.length === 0) return [];
  const rows = conditions
    .toSorted(([, a], [, b]) => a - b)
    .map(([type, when]) => [type, seconds(when)]);
  return [table(['condition of the claim', 'True after s'], rows)];
}

function wayBack({ product, hand }: Numbers): string {
  const rows = [...stepsOf('product', product), ...stepsOf('by hand', hand)];
  return table(['who', 'what', 's'], rows);
}

function stepsOf(who: string, life: Life | undefined): readonly (readonly string[])[] {
  const steps = life?.removal ?? [];
  const sum = steps.reduce((total, step) => total + step.seconds, 0);
  return [
    ...steps.map((step) => [who, step.what, seconds(step.seconds)]),
    ...(steps.length > 1 ? [[who, 'together', seconds(sum)]] : []),
  ];
}

function timeline(title: string, life: Life | undefined): readonly string[] {
  if (life === undefined || life.timeline.length === 0) return [];
  return [`## ${title}`, ['```', ...life.timeline.map(line), '```'].join('\n')];
}

function line({ seconds: when, what }: Told): string {
  const text = what.length <= LONGEST_LINE ? what : `${what.slice(0, LONGEST_LINE - 1)}…`;
  return `${when.toFixed(1).padStart(6)} s  ${text}`;
}
