import type {
  AgentInstallation,
  ProviderStatus,
} from '../../lib/apis/agent-installation.generated.ts';
import type { Condition } from '../../lib/core/conditions.ts';
import { type NextCondition, setCondition } from '../../lib/core/set-condition.ts';
import { writeStatus } from '../../lib/reconcile/write-status.ts';
import {
  type NamedReport,
  readyOf,
  type StatusFields,
  statusOf,
  syncedOf,
} from '../core/installation/report.ts';
import type { ProviderDeps } from '../deps.ts';
import type { Scope } from './part.ts';

/** reportPass writes what a pass has found into the status, and tells what has changed. */
export async function reportPass(
  { deps, installation, plan, now }: Scope,
  reports: readonly NamedReport[],
): Promise<void> {
  const { generation = 0 } = installation.metadata;
  const next = readyOf(reports, generation);
  const conditions = withConditions(installation, [syncedOf(reports, generation), next], now);
  const { clusterUID, agentVersion, providers } = installation.status ?? {};
  const status = statusOf(reports, conditions, {
    clusterUID: firstOf(reports, 'clusterUID') ?? clusterUID,
    agentVersion: plan?.status?.agentVersion ?? agentVersion,
    providers: firstOf(reports, 'providers') ?? providers,
  });
  await writeStatus(deps.management, installation, { ...status });
  tellChange(deps, installation, next, status);
}

/** reportPaused says that nothing is done, and leaves everything else as it is. */
export async function reportPaused(
  deps: ProviderDeps,
  installation: AgentInstallation,
): Promise<void> {
  const { generation = 0 } = installation.metadata;
  const paused: NextCondition = {
    type: 'Synced',
    status: 'False',
    reason: 'ReconcilePaused',
    message: 'Paused by the annotation crossplane.io/paused: remove it to go on',
    observedGeneration: generation,
  };
  const conditions = withConditions(installation, [paused], deps.clock.now());
  await writeStatus(deps.management, installation, { ...installation.status, conditions });
}

function firstOf<Field extends 'clusterUID' | 'providers'>(
  reports: readonly NamedReport[],
  field: Field,
): NamedReport[Field] | undefined {
  return reports.find((report) => report[field] !== undefined)?.[field];
}

function withConditions(
  installation: AgentInstallation,
  conditions: readonly NextCondition[],
  now: Date,
): readonly Condition[] {
  const time = `${now.toISOString().slice(0, 19)}Z`;
  let all: readonly Condition[] = installation.status?.conditions ?? [];
  for (const condition of conditions) all = setCondition(all, condition, time);
  return all;
}

function tellChange(
  { events }: ProviderDeps,
  installation: AgentInstallation,
  next: NextCondition,
  { providers }: StatusFields,
): void {
  const { status: before } = installation;
  const known = before?.conditions?.find(({ type }) => type === 'Ready');
  if (known?.status !== next.status || known.reason !== next.reason) {
    const type = next.status === 'True' ? 'Normal' : 'Warning';
    events.event(installation, type, next.reason, next.message);
  }
  const is = listed(providers);
  if (is !== '' && is !== listed(before?.providers)) {
    events.event(installation, 'Normal', 'ProvidersInstalled', `Installed ${is}`);
  }
}

function listed(providers: readonly ProviderStatus[] = []): string {
  return providers.map(({ name = '', version = '' }) => `${name} ${version}`.trim()).join(', ');
}
