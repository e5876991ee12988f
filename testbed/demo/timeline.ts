import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';

/** Where something happens: on the management side, or inside the new cluster. */
export type Where = 'management' | 'inside';

/** Line is one thing that happened. */
export interface Line {
  readonly where: Where;
  readonly kind: 'object' | 'phase' | 'waiting' | 'open' | 'refused';
  readonly text: string;
}

/** The conditions that a user follows, in order. */
const FOLLOWED = [
  'Accepted',
  'ControlPlaneInitialized',
  'AgentInstalled',
  'Pivoted',
  'ControlPlaneReady',
  'WorkersReady',
  'AddOnsReady',
  'AgentConnected',
  'Operational',
] as const;

/** appeared is the line for a created object. */
export function appeared(where: Where, { kind, metadata }: KubeObject): Line {
  return { where, kind: 'object', text: `+ ${kind} ${metadata.name ?? ''}` };
}

/** vanished is the line for a deleted object. */
export function vanished(where: Where, { kind, metadata }: KubeObject): Line {
  return { where, kind: 'object', text: `- ${kind} ${metadata.name ?? ''}` };
}

/**
 * changes are the differences between two states of a ManagedCluster: its phase, and for each gate what it
 * waits for or that it has opened. A gate is followed only after the previous one has opened.
 */
export function changes(before: KubeObject | undefined, after: KubeObject): readonly Line[] {
  const phase = phaseOf(after);
  const current = FOLLOWED.find((type) => !isTrue(after, type));
  const lines = FOLLOWED.flatMap((type) =>
    changeOf(type, before, after).filter(({ kind }) => kind === 'open' || type === current),
  );
  return [
    ...(phase === undefined || phase === phaseOf(before)
      ? []
      : [{ where: 'management', kind: 'phase', text: `phase ${phase}` } as const]),
    ...lines.map((line) => ({ where: 'management', ...line }) as const),
  ];
}

/** steps are the newly completed parts of an AgentInstallation or steps of a Pivot. */
export function steps(before: KubeObject | undefined, after: KubeObject): readonly Line[] {
  const known = doneIn(before);
  return doneIn(after)
    .filter((name) => !known.includes(name))
    .map((name) => ({ where: 'management', kind: 'open', text: `${after.kind}: ${name}` }));
}

function doneIn(object: KubeObject | undefined): readonly string[] {
  const { parts, steps: all } = recordIn(object, 'status') ?? {};
  return [parts, all].flat().flatMap((one) => {
    const done = isRecord(one) && (one['ready'] === true || one['endTime'] !== undefined);
    return done ? [String(one['name'])] : [];
  });
}

function changeOf(
  type: (typeof FOLLOWED)[number],
  before: KubeObject | undefined,
  after: KubeObject,
): readonly Omit<Line, 'where'>[] {
  const [old, now] = [conditionOf(before, type), conditionOf(after, type)];
  if (now === undefined || (now.status === old?.status && now.message === old.message)) return [];
  const text = now.message ?? now.status;
  if (now.status === 'True') return old?.status === 'True' ? [] : [{ kind: 'open', text }];
  return [{ kind: type === 'Accepted' ? 'refused' : 'waiting', text }];
}

function phaseOf(object: KubeObject | undefined): string | undefined {
  const phase = recordIn(object, 'status')?.['phase'];
  return typeof phase === 'string' ? phase : undefined;
}

const MARK = { object: ' ', phase: '►', waiting: '…', open: '✔', refused: '✘' } as const;
const COLOUR = { object: 2, phase: 1, waiting: 33, open: 32, refused: 31 } as const;

/** format formats a line with the seconds since the start; colors only for a terminal. */
export function timelineLine(
  seconds: number,
  { where, kind, text }: Line,
  colours: boolean,
): string {
  const body = `${seconds.toFixed(1).padStart(6)} s  ${where.padEnd(10)} ${MARK[kind]} ${text}`;
  return colours ? `\u001B[${COLOUR[kind]}m${body}\u001B[0m` : body;
}
