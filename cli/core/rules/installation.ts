import { PART_REASONS } from '../../../lib/apis/reasons/agent-installation.ts';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, isRecord, recordIn } from '../../../lib/core/object.ts';
import {
  adviceOn,
  findingOf,
  ofCondition,
  type Advice,
  type Finding,
  type Rule,
} from '../finding.ts';
import { headOf, type Snapshot } from '../snapshot.ts';
import { CONNECTED_REASONS, LAYERS_REASONS } from './agent-advice.ts';
import { ANY, FORBIDDEN, PARTS, REASONS, SILENT } from './installation-advice.ts';

/** installation reports what the AgentInstallation waits for, part by part in the order of its status. */
export const installation: Rule = (snapshot) => {
  const { agentInstallation } = snapshot;
  const head = headOf(snapshot);
  if (agentInstallation === undefined || head?.metadata.deletionTimestamp !== undefined) return [];
  if (recordIn(agentInstallation, 'status') === undefined) {
    const since = agentInstallation.metadata.creationTimestamp;
    const what = 'The provider has not reconciled the AgentInstallation yet';
    const evidence = { reason: 'ProviderSilent', object: agentInstallation, what, since };
    return [findingOf(snapshot, evidence, SILENT)];
  }
  if (isTrue(agentInstallation, 'Ready')) return [];
  const unready = unreadyParts(agentInstallation);
  const parts = unready.filter((part) => !isBlocked(part, unready));
  return parts.length > 0
    ? parts.map((part) => partFinding(snapshot, agentInstallation, part))
    : whole(snapshot, agentInstallation);
};

interface Part {
  readonly name: string;
  readonly reason: string;
  readonly message: string;
}

/** unreadyParts are the parts of an AgentInstallation that are not ready. */
export function unreadyParts(agentInstallation: KubeObject | undefined): readonly Part[] {
  const parts: unknown = recordIn(agentInstallation, 'status')?.['parts'];
  if (!Array.isArray(parts)) return [];
  return parts
    .filter(isRecord)
    .filter(({ ready }) => ready !== true)
    .map(({ name, reason, message }) => ({
      name: text(name),
      reason: text(reason),
      message: text(message),
    }));
}

/** A part that only waits for another unready part has no finding. */
function isBlocked({ name, reason }: Part, unready: readonly Part[]): boolean {
  return unready.some((other) => other.name !== name && reason === `WaitingFor${other.name}`);
}

function partFinding(snapshot: Snapshot, object: KubeObject, part: Part): Finding {
  const { name, reason, message } = part;
  const evidence = {
    ...ofCondition(object, conditionOf(object, 'Ready')),
    reason: reason === '' ? 'PartNotReady' : reason,
    what: `Part ${name} is not ready${message === '' ? '' : `: ${message}`}`,
  };
  return findingOf(snapshot, evidence, onPart(part));
}

/** Parts that mirror a condition of the agent have the agent's reasons. */
const RELAYED: Readonly<Partial<Record<string, Readonly<Record<string, Advice>>>>> = {
  AgentConnected: CONNECTED_REASONS,
  NodeLayersReady: LAYERS_REASONS,
};

function onPart({ name, reason, message }: Part): Advice {
  return (
    adviceOn(RELAYED[name] ?? {}, reason) ??
    onError(reason, message) ??
    adviceOn(REASONS, reason) ??
    adviceOn(PARTS, name) ??
    ANY
  );
}

/** All errors share one reason: the message of the API server is more specific. */
function onError(reason: string, message: string): Advice | undefined {
  if (reason !== PART_REASONS.Failed) return undefined;
  // Only RBAC uses these words.
  return /is forbidden: User "/.test(message) ? FORBIDDEN : undefined;
}

function whole(snapshot: Snapshot, object: KubeObject): readonly Finding[] {
  const evidence = ofCondition(object, conditionOf(object, 'Ready'), undefined);
  const what = evidence.what === '' ? 'The AgentInstallation is not ready' : evidence.what;
  return [findingOf(snapshot, { ...evidence, what }, adviceOn(REASONS, evidence.reason) ?? ANY)];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
