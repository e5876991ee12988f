import type { PartStatus, ProviderStatus } from '../../../lib/apis/agent-installation.generated.ts';
import type {
  InstallationReadyReason,
  PartReason,
  SyncedReason,
} from '../../../lib/apis/reasons/agent-installation.ts';
import type { Condition } from '../../../lib/core/conditions.ts';
import type { NextCondition } from '../../../lib/core/set-condition.ts';

/** PartReport is how one part of the installation stands. */
export interface PartReport {
  readonly ready: boolean;
  /** Why it is not ready. */
  readonly reason?: PartReason;
  /** What is waited for, and what to do where somebody must; or a remark on a part that is ready. */
  readonly message?: string;
  /** Whether it is not ready because something failed, and not because it takes its time. */
  readonly failed?: boolean;
  /** Whether the cluster is out of reach, or not the one that it shall be: nothing known of it counts. */
  readonly targetLost?: boolean;
  /** Providers that are installed, where the part knows. */
  readonly providers?: readonly ProviderStatus[];
  /** uid of the workload cluster, where the part knows. */
  readonly clusterUID?: string;
}

/** NamedReport is the report of the part of that name. */
export interface NamedReport extends PartReport {
  readonly name: string;
}

/** ready is the report of a part that is there and works. */
export function ready(message?: string): PartReport {
  return message === undefined ? { ready: true } : { ready: true, message };
}

/** waiting is the report of a part that takes its time. */
export function waiting(reason: PartReason, message: string): PartReport {
  return { ready: false, reason, message };
}

/** failing is the report of a part that can't go on. */
export function failing(reason: PartReason, message: string): PartReport {
  return { ready: false, reason, message, failed: true };
}

/** syncedOf tells whether all parts could be worked on. */
export function syncedOf(
  reports: readonly NamedReport[],
  generation: number,
): NextCondition<SyncedReason> {
  const failed = reports.find((report) => report.failed === true);
  const common = { type: 'Synced', observedGeneration: generation };
  if (failed === undefined) {
    return {
      ...common,
      status: 'True',
      reason: 'ReconcileSuccess',
      message: 'All parts are kept as they shall be',
    };
  }
  return { ...common, status: 'False', reason: 'ReconcileError', message: sentence(failed) };
}

/** readyOf tells whether every part is ready; the first that is not says why. */
export function readyOf(
  reports: readonly NamedReport[],
  generation: number,
): NextCondition<InstallationReadyReason> {
  const open = reports.find((report) => !report.ready);
  const common = { type: 'Ready', observedGeneration: generation };
  if (open === undefined) {
    return {
      ...common,
      status: 'True',
      reason: 'Available',
      message: 'Agent and providers are installed and work',
    };
  }
  return { ...common, status: 'False', reason: open.reason ?? 'Waiting', message: sentence(open) };
}

/** statusParts are the reports as they stand in the status. */
export function statusParts(reports: readonly NamedReport[]): readonly PartStatus[] {
  return reports.map(({ name, ready: isReady, reason, message }) => ({
    name,
    ready: isReady,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message: cut(message) }),
  }));
}

/** Known is what else the status tells. */
export interface Known {
  readonly clusterUID?: string | undefined;
  readonly agentVersion?: string | undefined;
  readonly providers?: readonly ProviderStatus[] | undefined;
}

/** StatusFields is a whole status. */
export interface StatusFields extends Known {
  readonly conditions: readonly Condition[];
  readonly parts: readonly PartStatus[];
}

/** statusOf is the status of a pass. */
export function statusOf(
  reports: readonly NamedReport[],
  conditions: readonly Condition[],
  { clusterUID, agentVersion, providers }: Known,
): StatusFields {
  return {
    conditions,
    parts: statusParts(reports),
    ...(clusterUID === undefined ? {} : { clusterUID }),
    ...(agentVersion === undefined ? {} : { agentVersion }),
    ...(providers === undefined ? {} : { providers }),
  };
}

function sentence({ name, message }: NamedReport): string {
  return `${name}: ${cut(message ?? 'not ready yet')}`;
}

/** The schema takes 1024 characters. */
function cut(message: string): string {
  return message.length <= 900 ? message : `${message.slice(0, 900)} …`;
}
