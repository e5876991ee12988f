import { secondsBetween } from './duration.ts';
import { NAMESPACED_MANAGED_CLUSTER, MANAGED_CLUSTER_CLAIM } from '../../lib/apis/kinds.ts';
import { kubeconfigSecretOf } from '../../capi/object-names.ts';
import type { Condition } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Severity orders findings: a danger is against an invariant, a problem needs somebody to act, a wait
 * ends by itself, a note only tells.
 */
export type Severity = 'danger' | 'problem' | 'waiting' | 'note';

/** NextStep is one thing to do: a sentence, and the command for it where there is one. */
export interface NextStep {
  readonly do: string;
  readonly run?: string;
}

/** Finding is one answer to "why is it not further": what is, since when, why, and what to do next. */
export interface Finding {
  /** Stable PascalCase name, to look up or to alert on. */
  readonly reason: string;
  readonly severity: Severity;
  /** Kind, namespace and name of the object that shows it. */
  readonly object: string;
  /** One sentence, as the object itself says it where it says it. */
  readonly what: string;
  /** RFC 3339 time. */
  readonly since?: string;
  readonly why?: string;
  readonly next: readonly NextStep[];
}

/** Rule looks for one kind of trouble; no finding means that there is none. */
export type Rule = (snapshot: Snapshot) => readonly Finding[];

/**
 * Advice is what we know about a reason: why it happens and what to do. The texts may hold
 * `{kubectl}`, `{flags}` (those of `{kubectl}`, for a plug-in, which takes them behind its name), `{namespace}`, `{name}`, `{resource}` (the ManagedCluster, for kubectl), `{object}` (the
 * object of the finding, for kubectl) and `{secret}` (that with the kubeconfig of the workload side).
 */
export interface Advice {
  readonly why: string;
  readonly next: readonly NextStep[];
  /** Seconds after which a wait is longer than usual, and becomes a problem. */
  readonly usualSeconds?: number;
  /** What it is from the beginning; `waiting` when absent. */
  readonly severity?: Severity;
}

/** adviceOn looks up a reason that an object carries; it may be one of a version that this program does not know. */
export function adviceOn(
  table: Readonly<Partial<Record<string, Advice>>>,
  reason: string,
): Advice | undefined {
  return Object.hasOwn(table, reason) ? table[reason] : undefined;
}

/** Evidence is where a finding shows. */
export interface Evidence {
  readonly reason: string;
  readonly object: KubeObject | undefined;
  readonly what: string;
  readonly since?: string | undefined;
  /** What the objects below say of it; stands before the advice's own reason. */
  readonly details?: readonly string[];
}

/** findingOf joins what was seen with what is known about it. */
export function findingOf(snapshot: Snapshot, evidence: Evidence, advice: Advice): Finding {
  const { reason, object, what, since, details = [] } = evidence;
  const slow = isSlow(snapshot, since, advice);
  const severity = advice.severity ?? (slow ? 'problem' : 'waiting');
  const why = [
    ...details,
    fill(advice.why, snapshot, object),
    ...(slow ? [`This takes longer than the ${span(advice.usualSeconds)} that are usual.`] : []),
  ].join(' ');
  return {
    reason,
    severity,
    object: object === undefined ? subjectText(snapshot) : nameOfObject(object),
    what: sentence(what),
    ...(since === undefined ? {} : { since }),
    ...(why.trim() === '' ? {} : { why: why.trim() }),
    next: advice.next.map((step) => ({
      do: fill(step.do, snapshot, object),
      ...(step.run === undefined ? {} : { run: fill(step.run, snapshot, object) }),
    })),
  };
}

/** ofCondition is the evidence that a condition gives; `what` when its own message is not the sentence. */
export function ofCondition(
  object: KubeObject | undefined,
  condition: Condition | undefined,
  what?: string,
): Evidence {
  const { type = 'Waiting', reason = type, lastTransitionTime } = condition ?? {};
  return {
    reason,
    object,
    what: what ?? (condition === undefined ? '' : said(condition)),
    since: lastTransitionTime,
  };
}

function isSlow(
  { takenAt }: Snapshot,
  since: string | undefined,
  { usualSeconds }: Advice,
): boolean {
  if (since === undefined || usualSeconds === undefined) return false;
  return secondsBetween(since, takenAt) > usualSeconds;
}

function span(seconds = 0): string {
  return seconds >= 120 ? `${Math.round(seconds / 60)} minutes` : `${seconds} seconds`;
}

/** nameOfObject is how sentences name an object: `Kind namespace/name`. */
export function nameOfObject({ kind, metadata: { namespace, name = '' } }: KubeObject): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** kubectlName is how kubectl takes an object: `kind.group/name`. */
export function kubectlName({ apiVersion, kind, metadata: { name = '' } }: KubeObject): string {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${apiVersion.slice(0, slash)}`;
  return `${kind.toLowerCase()}${group}/${name}`;
}

/** resourceOf is how kubectl takes the ManagedCluster itself: with its group, because others have kinds of that name. */
export function resourceOf({ subject: { flavour, name } }: Snapshot): string {
  const type = flavour === 'claim' ? MANAGED_CLUSTER_CLAIM : NAMESPACED_MANAGED_CLUSTER;
  return kubectlName({ ...type, metadata: { name } });
}

function subjectText({ subject: { namespace, name } }: Snapshot): string {
  return `ManagedCluster ${namespace}/${name}`;
}

function fill(text: string, snapshot: Snapshot, object: KubeObject | undefined): string {
  const { kubectl, subject, kubeconfigSecret } = snapshot;
  const values: Readonly<Record<string, string>> = {
    kubectl,
    flags: kubectl.replace(/^kubectl/, ''),
    namespace: subject.namespace,
    name: subject.name,
    resource: resourceOf(snapshot),
    object: object === undefined ? resourceOf(snapshot) : kubectlName(object),
    secret: (kubeconfigSecret ?? kubeconfigSecretOf(subject.name)).name,
    key: (kubeconfigSecret ?? kubeconfigSecretOf(subject.name)).key,
  };
  return text.replace(/\{([a-z]+)\}/g, (found, name: string) => values[name] ?? found);
}

/** sentence ends a text with a full stop; it begins in upper case, unless it begins with a path. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const begun = /^[a-z]+[ ,:]/.test(trimmed)
    ? trimmed.charAt(0).toUpperCase() + trimmed.slice(1)
    : trimmed;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** said is the message of a condition, or its reason where it has no message. */
export function said({ message, reason, type }: Condition): string {
  if (message !== undefined && message.trim() !== '') return message.trim();
  return reason ?? type;
}
