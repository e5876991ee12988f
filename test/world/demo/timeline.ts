import { conditionOf, isTrue, recordIn } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';

/** Line is one thing that happened to one cluster. */
export interface Line {
  /** Which cluster it is about. */
  readonly cluster: string;
  readonly kind: 'object' | 'phase' | 'waiting' | 'open' | 'refused';
  readonly text: string;
}

/** The conditions that a user follows, in order. */
const FOLLOWED = ['Accepted', 'ControlPlaneInitialized', 'AgentInstalled', 'Pivoted'] as const;

/** appeared tells of an object of a cluster that has come into being. */
export function appeared(cluster: string, { kind, metadata }: KubeObject): Line {
  return { cluster, kind: 'object', text: `+ ${kind} ${metadata.name ?? ''}` };
}

/**
 * changes tells what is new between two states of a ManagedCluster: its phase, and for each gate
 * what is waited for or that it has opened. A gate is followed only when the one before is through.
 */
export function changes(before: KubeObject | undefined, after: KubeObject): readonly Line[] {
  const cluster = after.metadata.name ?? '';
  const phase = phaseOf(after);
  const current = FOLLOWED.find((type) => !isTrue(after, type));
  const lines = FOLLOWED.flatMap((type) =>
    changeOf(type, before, after).filter(({ kind }) => kind === 'open' || type === current),
  );
  return [
    ...(phase === undefined || phase === phaseOf(before)
      ? []
      : [{ cluster, kind: 'phase', text: `phase ${phase}` } as const]),
    ...lines.map((line) => ({ cluster, ...line })),
  ];
}

function changeOf(
  type: (typeof FOLLOWED)[number],
  before: KubeObject | undefined,
  after: KubeObject,
): readonly Omit<Line, 'cluster'>[] {
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

/** format writes a line with the seconds since the start; colours only where somebody sees them. */
export function format(seconds: number, { cluster, kind, text }: Line, colours: boolean): string {
  const body = `${seconds.toFixed(1).padStart(6)} s  ${cluster.padEnd(16)} ${MARK[kind]} ${text}`;
  return colours ? `\u001B[${COLOUR[kind]}m${body}\u001B[0m` : body;
}
