import { plainValue } from '../lib/core/reported.ts';
import type { Question } from './arguments.ts';
import type { Finding } from './core/finding.ts';
import { findingsOf, isOperational } from './core/findings.ts';
import { onBothSides } from './core/rules/safety.ts';
import { headOf, unreadText, type Snapshot } from './core/snapshot.ts';
import { historyOf, summaryOf } from './core/summary.ts';
import { factLines, findingLines, paintWith, treeLines, type Paint } from './core/text.ts';
import { treeOf } from './core/tree.ts';
import { resourceOf } from './core/finding.ts';

/** answerOf is the output of a command: the same facts as text, JSON or YAML. */
export async function answerOf(
  { command, output }: Pick<Question, 'command' | 'output'>,
  snapshot: Snapshot,
  colours: boolean,
): Promise<string> {
  if (output === 'text') {
    const paint = paintWith(colours);
    const write = command === 'status' ? statusText : explainText;
    // A cluster must not control the terminal. Cleaned here, before colors are added and anything is derived.
    const plain = plainValue(snapshot);
    return `${write(plain, findingsOf(plain), paint).join('\n')}\n`;
  }
  const findings = findingsOf(snapshot);
  const data =
    command === 'status' ? statusData(snapshot, findings) : explainData(snapshot, findings);
  if (output === 'json') return `${JSON.stringify(data, undefined, 2)}\n`;
  const { stringify } = await import('yaml');
  return stringify(data, { aliasDuplicateObjects: false });
}

/** isFine decides the exit code with `--exit-code`. */
export function isFine(snapshot: Snapshot): boolean {
  return (
    isOperational(snapshot) && !findingsOf(snapshot).some(({ severity }) => severity === 'danger')
  );
}

function statusText(
  snapshot: Snapshot,
  findings: readonly Finding[],
  paint: Paint,
): readonly string[] {
  const dangers = findings.filter(({ severity }) => severity === 'danger');
  const others = findings.filter(({ severity }) => severity === 'problem');
  const both = onBothSides(snapshot);
  return [
    ...dangers.flatMap((finding) => [...findingLines(finding, snapshot.takenAt, paint), '']),
    ...title(snapshot, paint),
    ...factLines(summaryOf(snapshot), paint),
    '',
    ...treeLines(treeOf(snapshot), snapshot.takenAt, paint),
    ...(both.length === 0 ? [] : ['', `on both sides: ${both.join(', ')}`]),
    ...(others.length === 0
      ? []
      : [
          '',
          `${others.length === 1 ? '1 problem' : `${others.length} problems`}: kubectl managedcluster explain ${resourceOf(snapshot)} -n ${snapshot.subject.namespace}${snapshot.kubectl.replace(/^kubectl/, '')}`,
        ]),
    ...notes(snapshot, paint),
  ];
}

function explainText(
  snapshot: Snapshot,
  findings: readonly Finding[],
  paint: Paint,
): readonly string[] {
  const told =
    findings.length === 0
      ? [paint('good', 'No findings: the cluster is complete and manages itself.')]
      : findings.flatMap((finding, at) => [
          ...(at === 0 ? [] : ['']),
          ...findingLines(finding, snapshot.takenAt, paint),
        ]);
  const facts = [...summaryOf(snapshot).slice(0, 2), ...historyOf(snapshot)];
  return [
    ...title(snapshot, paint),
    ...factLines(facts, paint),
    '',
    ...told,
    ...notes(snapshot, paint),
  ];
}

function title(
  { subject: { flavour, namespace, name } }: Snapshot,
  paint: Paint,
): readonly string[] {
  const kind = flavour === 'claim' ? 'claim' : 'namespaced composite';
  return [`${paint('strong', `ManagedCluster ${namespace}/${name}`)} ${paint('dim', `(${kind})`)}`];
}

/** Kinds that could not be read are listed, because their absence in the output proves nothing. */
function notes({ unread }: Snapshot, paint: Paint): readonly string[] {
  if (unread.length === 0) return [];
  return [
    '',
    paint('dim', 'not seen, so these objects may exist although the output does not show them:'),
    ...unreadText(unread).map((text) => paint('dim', `  ${text}`)),
  ];
}

function statusData(snapshot: Snapshot, findings: readonly Finding[]): object {
  const { takenAt, subject, management, workload, heartbeat, escrows, unread } = snapshot;
  return {
    takenAt,
    subject,
    status: headOf(snapshot)?.['status'],
    summary: Object.fromEntries(summaryOf(snapshot).map(({ name, value }) => [name, value])),
    tree: treeOf(snapshot),
    management: { cluster: management.cluster?.metadata.annotations ?? null },
    workload:
      workload.kind === 'Unknown'
        ? { unknown: workload.why }
        : { seen: workload.kind === 'Reached' },
    heartbeat: heartbeat?.['spec'] ?? null,
    escrows,
    onBothSides: onBothSides(snapshot),
    findings,
    unread,
  };
}

function explainData(snapshot: Snapshot, findings: readonly Finding[]): object {
  const { takenAt, subject, unread } = snapshot;
  return {
    takenAt,
    subject,
    operational: isOperational(snapshot),
    phases: historyOf(snapshot),
    findings,
    unread,
  };
}
