import type { Finding, Severity } from './finding.ts';
import { duration, secondsBetween } from './duration.ts';
import type { Fact } from './summary.ts';
import type { TreeNode } from './tree-node.ts';

/** Tone is the meaning of a text; a terminal shows it as a color. */
export type Tone = 'good' | 'bad' | 'busy' | 'dim' | 'strong' | 'danger';

/** Paint gives a text the color of a tone, or returns it unchanged. */
export type Paint = (tone: Tone, text: string) => string;

const CODES: Readonly<Record<Tone, string>> = {
  good: '32',
  bad: '31',
  busy: '33',
  dim: '2',
  strong: '1',
  danger: '1;31',
};

/** paintWith is the Paint for a terminal (ANSI escapes), or one without effect. */
export function paintWith(colours: boolean): Paint {
  return colours ? (tone, text) => `\u001B[${CODES[tone]}m${text}\u001B[0m` : (_tone, text) => text;
}

/** factLines are name and value in two columns. */
export function factLines(facts: readonly Fact[], paint: Paint): readonly string[] {
  const width = Math.max(0, ...facts.map(({ name }) => name.length));
  return facts.map(({ name, value }) => `${paint('dim', name.padEnd(width))}  ${value}`);
}

interface Row {
  readonly name: string;
  readonly ready: string;
  readonly age: string;
  readonly says: string;
}

/** treeLines is the tree in aligned columns, in the manner of `crossplane beta trace`. */
export function treeLines(root: TreeNode, now: string, paint: Paint): readonly string[] {
  const rows = [
    { name: 'NAME', ready: 'READY', age: 'AGE', says: 'STATUS' },
    ...rowsOf(root, now, { first: '', rest: '' }),
  ];
  const widths = {
    name: widest(rows.map(({ name }) => name)),
    ready: widest(rows.map(({ ready }) => ready)),
    age: widest(rows.map(({ age }) => age)),
  };
  return rows.map(({ name, ready, age, says }) =>
    [
      name.padEnd(widths.name),
      painted(paint, ready, ready.padEnd(widths.ready)),
      paint('dim', age.padEnd(widths.age)),
      says,
    ]
      .join('  ')
      .trimEnd(),
  );
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

function painted(paint: Paint, ready: string, text: string): string {
  if (ready === 'True') return paint('good', text);
  if (ready === 'False') return paint('bad', text);
  return ready === 'Unknown' ? paint('busy', text) : text;
}

interface Branch {
  /** The prefix of the node's own line, and the prefix of all lines below it. */
  readonly first: string;
  readonly rest: string;
}

function rowsOf(node: TreeNode, now: string, { first, rest }: Branch): readonly Row[] {
  const age = node.since === undefined ? '' : duration(secondsBetween(node.since, now));
  const [says = '', ...more] = node.says;
  const below = node.children.length > 0 ? '│' : '';
  return [
    { name: `${first}${node.name}`, ready: node.ready, age, says },
    ...more.map((text) => ({ name: `${rest}${below}`, ready: '', age: '', says: text })),
    ...node.children.flatMap((child, at) => {
      const last = at === node.children.length - 1;
      const branch = last
        ? { first: `${rest}└─ `, rest: `${rest}   ` }
        : { first: `${rest}├─ `, rest: `${rest}│  ` };
      return rowsOf(child, now, branch);
    }),
  ];
}

const TONES: Readonly<Record<Severity, Tone>> = {
  danger: 'danger',
  problem: 'bad',
  waiting: 'busy',
  note: 'dim',
};

const WORDS: Readonly<Record<Severity, string>> = {
  danger: 'DANGER',
  problem: 'problem',
  waiting: 'waiting',
  note: 'note',
};

/** findingLines is the text of one finding: what, where, since when, why, and the next steps with their commands. */
export function findingLines(finding: Finding, now: string, paint: Paint): readonly string[] {
  const { severity, what, object, since, why, reason, next } = finding;
  const age =
    since === undefined ? undefined : `${duration(secondsBetween(since, now))} ago (${since})`;
  const facts = [
    ['object', object],
    ['reason', reason],
    ['since', age],
    ['why', why],
  ].flatMap(([name = '', value]) =>
    value === undefined ? [] : [`  ${paint('dim', name.padEnd(6))}  ${value}`],
  );
  return [
    `${paint(TONES[severity], WORDS[severity])}  ${paint('strong', what)}`,
    ...facts,
    ...next.flatMap((step, at) => [
      `  ${paint('dim', (at === 0 ? 'next' : '').padEnd(6))}  ${step.do}${step.run === undefined ? '' : ':'}`,
      ...(step.run === undefined ? [] : [`            ${step.run}`]),
    ]),
  ];
}
