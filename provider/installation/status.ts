import type {
  AgentInstallation,
  PartStatus,
  ProviderStatus,
} from '../../lib/apis/agent-installation.generated.ts';
import type { Condition } from '../../lib/core/conditions.ts';
import { cutText, plainText } from '../../lib/core/reported.ts';
import { type NextCondition, setCondition } from '../../lib/core/set-condition.ts';
import type { Ending } from '../../lib/reconcile/managed.ts';
import { done, type Outcome, retryAfter, wait } from '../../lib/reconcile/outcome.ts';
import { syncedOf } from '../../lib/reconcile/synced.ts';
import { writeStatus } from '../../lib/reconcile/write-status.ts';
import type { ProviderDeps } from '../deps.ts';
import {
  hasFailed,
  type NamedOutcome,
  type OpenPart,
  openParts,
  type PartFacts,
  type Scope,
} from './part.ts';

/**
 * outcomeOf returns the outcome of a pass: a failed part makes the pass fail, although the other parts were
 * reconciled.
 */
export function outcomeOf(parts: readonly NamedOutcome[], requeueAfterMs: number): Outcome {
  const open = openParts(parts);
  const failed = open.find(hasFailed);
  if (failed !== undefined) return retryAfter(requeueAfterMs, sentence(failed));
  const [first] = open;
  return first === undefined
    ? { ...done, requeueAfterMs }
    : wait(first.outcome.reason, sentence(first), requeueAfterMs);
}

/** reportParts writes the outcome of a pass over the parts to the status and emits events for changes. */
export async function reportParts(
  { deps, installation, plan, now }: Scope,
  parts: readonly NamedOutcome[],
  ending: Ending,
): Promise<void> {
  const ready = readyOf(parts);
  const conditions = withConditions(installation, [syncedOf(ending), ready], now);
  // Facts that no part reported this time are kept from before.
  const { clusterUID, agentVersion, providers } = installation.status ?? {};
  const status = {
    conditions,
    parts: parts.map(partStatus),
    clusterUID: firstFact(parts, 'clusterUID') ?? clusterUID,
    agentVersion: agentVersionIn(plan) ?? agentVersion,
    providers: firstFact(parts, 'providers') ?? providers,
  };
  await writeStatus(deps.management, installation, status);
  tellChange(deps, installation, ready, status.providers);
}

/** reportSynced reports that a pass did not start or failed, and leaves the rest of the status unchanged. */
export async function reportSynced(
  deps: ProviderDeps,
  installation: AgentInstallation,
  ending: Ending,
): Promise<void> {
  const { message, ...synced } = syncedOf(ending);
  const all = [{ ...synced, message: cut(message) }];
  const conditions = withConditions(installation, all, deps.clock.now());
  await writeStatus(deps.management, installation, { ...installation.status, conditions });
}

/** The agent reports its version, and the plan's limit of it is that of this status too. */
function agentVersionIn(plan: Scope['plan']): string | undefined {
  const version = plan?.status?.agentVersion;
  return version === undefined ? undefined : plainText(version);
}

/** Ready is True if every part is finished; otherwise the first open part gives the reason. */
function readyOf(parts: readonly NamedOutcome[]): NextCondition {
  const [open] = openParts(parts);
  return open === undefined
    ? {
        type: 'Ready',
        status: 'True',
        reason: 'Available',
        message: 'The agent and the providers are installed and running',
      }
    : { type: 'Ready', status: 'False', reason: open.outcome.reason, message: sentence(open) };
}

/** Messages of other components may be long; the schema allows 1024 characters. */
function cut(message: string): string {
  return cutText(message, 900);
}

function firstFact<Field extends 'clusterUID' | 'providers'>(
  parts: readonly NamedOutcome[],
  field: Field,
): PartFacts[Field] | undefined {
  const facts = parts.map(({ outcome }) => (outcome.kind === 'Done' ? outcome.value : {}));
  return facts.find((one) => one[field] !== undefined)?.[field];
}

function partStatus({ name, outcome }: NamedOutcome): PartStatus {
  if (outcome.kind !== 'Done') {
    return { name, ready: false, reason: outcome.reason, message: cut(outcome.message) };
  }
  const { remark } = outcome.value;
  return { name, ready: true, ...(remark === undefined ? {} : { message: cut(remark) }) };
}

function sentence({ name, outcome }: OpenPart): string {
  return `${name}: ${cut(outcome.message)}`;
}

function withConditions(
  { metadata, status }: AgentInstallation,
  conditions: readonly NextCondition[],
  now: Date,
): readonly Condition[] {
  const { generation: observedGeneration = 0 } = metadata;
  const time = `${now.toISOString().slice(0, 19)}Z`;
  let all: readonly Condition[] = status?.conditions ?? [];
  for (const one of conditions) all = setCondition(all, { ...one, observedGeneration }, time);
  return all;
}

function tellChange(
  { events }: ProviderDeps,
  installation: AgentInstallation,
  ready: NextCondition,
  providers: readonly ProviderStatus[] | undefined,
): void {
  const { status: before } = installation;
  const known = before?.conditions?.find(({ type }) => type === 'Ready');
  if (known?.status !== ready.status || known.reason !== ready.reason) {
    const type = ready.status === 'True' ? 'Normal' : 'Warning';
    events.event(installation, type, ready.reason, ready.message);
  }
  const is = listed(providers);
  if (is !== '' && is !== listed(before?.providers)) {
    events.event(installation, 'Normal', 'ProvidersInstalled', `Installed ${is}`);
  }
}

function listed(providers: readonly ProviderStatus[] = []): string {
  return providers.map(({ name = '', version = '' }) => `${name} ${version}`.trim()).join(', ');
}
