import { isRecord, recordIn } from '../../lib/core/object.ts';
import { heartbeatSeconds } from './rules/agent.ts';
import { ownershipText } from './ownership.ts';
import { headOf, type Snapshot } from './snapshot.ts';
import { duration, secondsBetween } from './duration.ts';

/** Fact is one line of the summary. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** summaryOf is the summary that is printed first. */
export function summaryOf(snapshot: Snapshot): readonly Fact[] {
  const status = recordIn(headOf(snapshot), 'status') ?? {};
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['phase', textOf(status['phase'])],
    ['owner', ownerText(snapshot)],
    ['machines', machinesText(status)],
    ['version', textOf(recordIn(status, 'controlPlane')?.['version'])],
    ['profiles', textOf(status['profiles'])],
    ['heartbeat', heartbeatText(snapshot)],
    ['unmanaged', unmanagedText(snapshot)],
    ['escrow', escrowText(snapshot)],
  ];
  return facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ name, value }],
  );
}

function ownerText({ management, workload, ...rest }: Snapshot): string | undefined {
  const status = recordIn(rest.composite ?? rest.claim, 'status') ?? {};
  const owner = textOf(status['owner']);
  if (owner === undefined) return undefined;
  const epoch = status['epoch'];
  const there = workload.kind === 'Reached' ? workload.objects.cluster : undefined;
  const sides = [
    management.cluster === undefined ? '' : `management side: ${ownershipText(management.cluster)}`,
    there === undefined ? '' : `workload side: ${ownershipText(there)}`,
  ].filter((one) => one !== '');
  const own = `${owner}${typeof epoch === 'number' ? `, epoch ${epoch}` : ''}`;
  return sides.length === 0 ? own : `${own}  (${sides.join('; ')})`;
}

function machinesText(status: Readonly<Record<string, unknown>>): string | undefined {
  const controlPlane = textOf(status['controlPlaneMachines']);
  const workers = textOf(status['workers']);
  if (controlPlane === undefined) return undefined;
  return `${controlPlane} control plane, ${workers ?? '0/0'} workers ready`;
}

function heartbeatText(snapshot: Snapshot): string | undefined {
  const seconds = heartbeatSeconds(snapshot);
  return seconds === undefined ? undefined : `${duration(seconds)} ago`;
}

/** The gap of the last pivot; the Pivot reports it in milliseconds. */
function unmanagedText(snapshot: Snapshot): string | undefined {
  const milliseconds = recordIn(snapshot.pivot, 'status')?.['unmanagedMilliseconds'];
  if (typeof milliseconds === 'number') return `${(milliseconds / 1000).toFixed(3)} s`;
  const seconds = recordIn(headOf(snapshot), 'status')?.['unmanagedSeconds'];
  return typeof seconds === 'number' ? `${seconds} s` : undefined;
}

function escrowText({ escrows, takenAt }: Snapshot): string | undefined {
  const times = escrows.flatMap(({ refreshed }) => refreshed ?? []).toSorted();
  const last = times.at(-1);
  return last === undefined
    ? undefined
    : `refreshed ${duration(secondsBetween(last, takenAt))} ago (${escrows.map(({ name }) => name).join(', ')})`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** historyOf are the phases of the cluster with their durations. */
export function historyOf(snapshot: Snapshot): readonly Fact[] {
  const phases: unknown = recordIn(headOf(snapshot), 'status')?.['phases'];
  if (!Array.isArray(phases)) return [];
  return phases.filter(isRecord).flatMap(({ name, startTime, endTime }) => {
    if (typeof startTime !== 'string' || typeof name !== 'string') return [];
    const end = typeof endTime === 'string' ? endTime : snapshot.takenAt;
    const value = `${duration(secondsBetween(startTime, end))}${typeof endTime === 'string' ? '' : ', in progress'}`;
    return [{ name, value }];
  });
}
