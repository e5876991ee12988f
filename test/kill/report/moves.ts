import type { MoveKill, Stock } from '../clusterctl-kills.ts';
import { pointName } from '../kill-point.ts';
import { isStruck, type Series } from '../outcome.ts';
import type { Proof } from '../proof.ts';
import { table } from '../../report/markdown.ts';

/** sideBySide is what a SIGKILL of the mover leads to: of `clusterctl move`, and of our provider. */
export function sideBySide({ moves, matrix }: Proof): readonly string[] {
  if (moves === undefined || matrix === undefined) return [];
  const kills = moves.kills.filter(({ write }) => write !== undefined);
  const human = kills.filter(needsHuman).length;
  const [forward, reverse] = (['workload', 'management'] as const).map((to) =>
    pivotRow({
      wanted: 0,
      outcomes: matrix.outcomes.filter((outcome) => outcome.to === to),
    }),
  );
  const head = ['the mover was killed', 'times', 'heals by itself', 'needs a human'];
  return [
    '## `clusterctl move` and Pivot, killed in the same way',
    'The same clusters from the same modules, on the same API servers. `clusterctl move` is run again by hand, which counts as healing by itself; the provider is started again, as its Deployment does.',
    table(head, [
      [
        '`clusterctl move`, after a write',
        ...[kills.length, kills.length - human, human].map(String),
      ],
      ['Pivot to the workload side, before or after a write', ...(forward ?? [])],
      ['Pivot to the management side, before or after a write', ...(reverse ?? [])],
    ]),
  ];
}

function pivotRow({ outcomes }: Series): readonly string[] {
  const struck = outcomes.filter(isStruck);
  const stuck = struck.filter((outcome) => outcome.stuck !== undefined).length;
  return [struck.length, struck.length - stuck, stuck].map(String);
}

function needsHuman({ rerun }: MoveKill): boolean {
  return rerun === 'refused' || rerun === 'left paused';
}

/** movesPart is each kill of `clusterctl move`, and the oracle's proof that it can find something. */
export function movesPart({ moves }: Proof): readonly string[] {
  if (moves === undefined) return [];
  const { kills, writes, requests, wrongCure } = moves;
  return [
    '## `clusterctl move`, killed after a write',
    `An undisturbed move: ${writes.management} writes on the source, ${writes.workload} on the target, ${requests} requests.`,
    table(
      ['killed', 'at', 'source', 'target', 'the same command again', 'human needed'],
      kills.map(moveRow),
    ),
    '## The oracle finds what is wrong',
    'On purpose: `clusterctl move` was cut off after it had made the control plane, and both sides were un-paused. The same oracle, on the same logs, finds:',
    wrongCure.length === 0
      ? 'Not tried in this run.'
      : wrongCure.map((text) => `- ${text}`).join('\n'),
  ];
}

function moveRow(kill: MoveKill): readonly string[] {
  const { point, write, complete, source, target, rerun, findings } = kill;
  const found = findings.length === 0 ? '' : ` (${findings.join('; ')})`;
  return [
    pointName(point),
    write ?? 'not reached',
    stockText(source, complete),
    stockText(target, complete),
    rerun,
    `${needsHuman(kill) ? 'yes' : 'no'}${found}`,
  ];
}

function stockText({ objects, paused }: Stock, complete: number): string {
  const state = paused === undefined ? '' : paused ? ', paused' : ', running';
  return `${objects}/${complete}${state}`;
}
