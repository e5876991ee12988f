import { PAUSED_ANNOTATION } from '../../../lib/apis/pause.ts';
import { conditionOf, type Condition } from '../../../lib/core/conditions.ts';
import { type KubeObject, isRecord, recordIn } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import { secondsSince } from './journal.ts';

/** BLOCKED_AFTER_SECONDS is the time after which an object that is being deleted counts as stuck. */
export const BLOCKED_AFTER_SECONDS = 300;

/** Maximum number of objects that a message names; the rest is counted. */
const MOST = 3;

/** Kinds from leaf to root: objects that are named first block those that are named last. */
const RANKS = [/Machine$/, /MachineSet$/, /MachineDeployment$|MachinePool$/, /ControlPlane$/];

/** Blockage is what a teardown waits for. */
export interface Blockage {
  /** The end of a sentence that begins with "Waiting for ". */
  readonly what: string;
  /** A deletion has taken longer than {@link BLOCKED_AFTER_SECONDS}. */
  readonly stuck: boolean;
}

/**
 * blockageOf describes the remaining objects, what blocks their deletion, and for how long. `now` is RFC
 * 3339.
 */
export function blockageOf(objects: readonly KubeObject[], now: string): Blockage {
  const sorted = objects.toSorted((a, b) => rank(a) - rank(b) || compareText(nameOf(a), nameOf(b)));
  const named = sorted.slice(0, MOST).map((object) => sentence(object, now));
  const more = sorted.length - named.length;
  return {
    what: [...named, ...(more > 0 ? [`${more} more`] : [])].join('; '),
    stuck: objects.some((object) => (goingFor(object, now) ?? 0) > BLOCKED_AFTER_SECONDS),
  };
}

/** Objects with cloud resources come first, because teardowns usually get stuck on them. */
function rank(object: KubeObject): number {
  const infrastructure = object.apiVersion.startsWith('infrastructure.');
  const at = RANKS.findIndex((pattern) => pattern.test(object.kind));
  if (isGoing(object) && infrastructure) return at === 0 ? 0 : 1;
  return 2 + (at === -1 ? RANKS.length : at) + (isGoing(object) ? 0 : RANKS.length + 2);
}

function isGoing({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function sentence(object: KubeObject, now: string): string {
  const details = [heldBy(object, now), pausedBy(object), reported(object)].filter(
    (detail) => detail !== undefined,
  );
  const { kind, metadata } = object;
  return `${kind} ${metadata.name}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
}

function heldBy(object: KubeObject, now: string): string | undefined {
  const seconds = goingFor(object, now);
  if (seconds === undefined) return undefined;
  const finalizers = object.metadata.finalizers ?? [];
  // Whole minutes, so that the message does not change every second.
  const since = seconds < 60 ? '' : ` for ${Math.floor(seconds / 60)} min`;
  return finalizers.length === 0 ? undefined : `finalizer ${finalizers.join(' ')}${since}`;
}

function goingFor({ metadata }: KubeObject, now: string): number | undefined {
  return metadata.deletionTimestamp === undefined
    ? undefined
    : secondsSince(metadata.deletionTimestamp, now);
}

/**
 * Controllers do not process paused objects, not even their deletion (CAPI v1.14 util/annotations; the same
 * holds for our own kinds).
 */
function pausedBy(object: KubeObject): string | undefined {
  if (recordIn(object, 'spec')?.['paused'] === true) return 'spec.paused is true: set it to false';
  const annotations = object.metadata.annotations ?? {};
  const found = ['cluster.x-k8s.io/paused', PAUSED_ANNOTATION].find(
    (annotation) => annotation in annotations,
  );
  return found === undefined ? undefined : `paused by annotation ${found}: remove it`;
}

function reported(object: KubeObject): string | undefined {
  const found = isTrueWithMessage(conditionOf(object, 'Deleting')) ?? firstFalse(object);
  if (found === undefined) return undefined;
  const message = (found.message ?? '').trim().replaceAll(/\s*\n\s*\*?\s*/g, ' ');
  return [found.reason, message].filter(Boolean).join(': ');
}

function isTrueWithMessage(condition: Condition | undefined): Condition | undefined {
  return condition?.status === 'True' && condition.message ? condition : undefined;
}

function firstFalse(object: KubeObject): Condition | undefined {
  const all = recordIn(object, 'status')?.['conditions'];
  if (!isGoing(object) || !Array.isArray(all)) return undefined;
  const types = all.filter(isRecord).map((condition) => String(condition['type']));
  return types
    .map((type) => conditionOf(object, type))
    .find((condition) => condition?.status === 'False' && condition.message);
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.name}`;
}
