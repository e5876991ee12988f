import { conditionOf, isRecord, isTrue, recordIn } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { findingOf, ofCondition, type Advice, type Finding, type Rule } from '../finding.ts';
import { headOf, type Snapshot } from '../snapshot.ts';
import { ANY, PARTS, REASONS, SILENT, WORDS } from './installation-advice.ts';

/** installation is what the AgentInstallation waits for, part by part in its own order. */
export const installation: Rule = (snapshot) => {
  const { agentInstallation } = snapshot;
  const head = headOf(snapshot);
  if (agentInstallation === undefined || head?.metadata.deletionTimestamp !== undefined) return [];
  if (recordIn(agentInstallation, 'status') === undefined) {
    const since = agentInstallation.metadata.creationTimestamp;
    const what = 'The provider has not looked at the AgentInstallation yet';
    const evidence = { reason: 'ProviderSilent', object: agentInstallation, what, since };
    return [findingOf(snapshot, evidence, SILENT)];
  }
  if (isTrue(agentInstallation, 'Ready')) return [];
  const parts = unreadyParts(agentInstallation).filter((part) => !isBlocked(part));
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

/** A part that only waits for another one has no reason of its own. */
function isBlocked({ reason, message }: Part): boolean {
  return reason.startsWith('WaitingFor') && /^part \w+$/.test(message);
}

function partFinding(snapshot: Snapshot, object: KubeObject, part: Part): Finding {
  const { name, reason, message } = part;
  const evidence = {
    ...ofCondition(object, conditionOf(object, 'Ready')),
    reason: reason === '' ? 'PartNotReady' : reason,
    what: `Part ${name} is not ready${message === '' ? '' : `: ${message}`}`,
  };
  return findingOf(snapshot, evidence, adviceOn(part));
}

function adviceOn({ name, reason, message }: Part): Advice {
  const byWords = WORDS.find(({ says }) => says.test(message));
  return byWords?.advice ?? REASONS[reason] ?? PARTS[name] ?? ANY;
}

function whole(snapshot: Snapshot, object: KubeObject): readonly Finding[] {
  const evidence = ofCondition(object, conditionOf(object, 'Ready'), undefined);
  const what = evidence.what === '' ? 'The AgentInstallation is not ready' : evidence.what;
  return [findingOf(snapshot, { ...evidence, what }, REASONS[evidence.reason] ?? ANY)];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
