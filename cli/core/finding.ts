import { secondsBetween } from './duration.ts';
import { NAMESPACED_MANAGED_CLUSTER, MANAGED_CLUSTER_CLAIM } from '../../lib/apis/kinds.ts';
import { kubeconfigSecretOf } from '../../capi/object-names.ts';
import type { Condition } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Severity orders findings: a danger violates an invariant, a problem needs an action by a user, a wait
 * resolves without action, a note is for information.
 */
export type Severity = 'danger' | 'problem' | 'waiting' | 'note';

/** NextStep is one thing to do: a sentence, and the command for it where there is one. */
export interface NextStep {
  readonly do: string;
  readonly run?: string;
}

/** Finding is one answer to "why does it not progress": what was observed, since when, why, and what to do next. */
export interface Finding {
  /** Stable PascalCase name that users can look up or alert on. */
  readonly reason: string;
  readonly severity: Severity;
  /** Kind, namespace and name of the object that shows it. */
  readonly object: string;
  /** One sentence; the object's own message where it has one. */
  readonly what: string;
  /** RFC 3339 time. */
  readonly since?: string;
  readonly why?: string;
  readonly next: readonly NextStep[];
}

/** Rule detects one kind of problem; it returns no finding when there is none. */
export type Rule = (snapshot: Snapshot) => readonly Finding[];

/**
 * Advice explains a reason: why it occurs and what to do. Placeholders in the texts: `{kubectl}`,
 * `{flags}` (the flags of `{kubectl}`, for a plug-in, which takes them after its name), `{namespace}`,
 * `{name}`, `{resource}` (the ManagedCluster, as kubectl takes it), `{object}` (the object of the
 * finding, as kubectl takes it), `{secret}` and `{key}` (of the kubeconfig of the workload side).
 */
export interface Advice {
  readonly why: string;
  readonly next: readonly NextStep[];
  /** A wait that lasts longer than this many seconds becomes a problem. */
  readonly usualSeconds?: number;
  /** Fixed severity; without it, `waiting` that becomes `problem`. */
  readonly severity?: Severity;
}

/** adviceOn looks up a reason; it is undefined for a reason of a version that this program does not know. */
export function adviceOn(
  table: Readonly<Partial<Record<string, Advice>>>,
  reason: string,
): Advice | undefined {
  return Object.hasOwn(table, reason) ? table[reason] : undefined;
}

/** Evidence is what was observed for a finding, and on which object. */
export interface Evidence {
  readonly reason: string;
  readonly object: KubeObject | undefined;
  readonly what: string;
  readonly since?: string | undefined;
  /** Messages of dependent objects; they precede the `why` of the advice. */
  readonly details?: readonly string[];
}

/** findingOf combines evidence and advice into a finding. */
export function findingOf(snapshot: Snapshot, evidence: Evidence, advice: Advice): Finding {
  const { reason, object, what, since, details = [] } = evidence;
  const slow = isSlow(snapshot, since, advice);
  const severity = advice.severity ?? (slow ? 'problem' : 'waiting');
  const why = [
    ...details,
    fill(advice.why, snapshot, object),
    ...(slow ? [`This takes longer than the usual ${span(advice.usualSeconds)}.`] : []),
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

/** ofCondition is the evidence from a condition; `what` replaces its message. */
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

/** nameOfObject is the name of an object in sentences: `Kind namespace/name`. */
export function nameOfObject({ kind, metadata: { namespace, name = '' } }: KubeObject): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** kubectlName is the name of an object on a kubectl command line: `kind.group/name`. */
export function kubectlName({ apiVersion, kind, metadata: { name = '' } }: KubeObject): string {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${apiVersion.slice(0, slash)}`;
  return `${kind.toLowerCase()}${group}/${name}`;
}

/** resourceOf is the ManagedCluster on a kubectl command line, with its group because other vendors use the same kind. */
export function resourceOf({
  subject: { flavour, name },
}: {
  readonly subject: Snapshot['subject'];
}): string {
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

/** sentence adds a full stop and capitalizes the first letter, unless the text begins with a path. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const begun = /^[a-z]+[ ,:]/.test(trimmed)
    ? trimmed.charAt(0).toUpperCase() + trimmed.slice(1)
    : trimmed;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** said is the message of a condition, or its reason when it has no message. */
export function said({ message, reason, type }: Condition): string {
  if (message !== undefined && message.trim() !== '') return message.trim();
  return reason ?? type;
}
