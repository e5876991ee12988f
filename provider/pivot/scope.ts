import { compositeUidOf } from '../../lib/apis/composed.ts';
import type { Owner, Side } from '../../lib/apis/ownership.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import type { Logger } from '../../lib/log.ts';
import type { Step } from '../../lib/reconcile/steps.ts';
import type { Background } from '../../lib/settled.ts';
import { openAttempt, type Attempt } from '../core/pivot/journal.ts';
import type { MoveType } from '../core/pivot/move-types.ts';
import type { ProviderDeps } from '../deps.ts';
import type { PivotMetrics } from './metrics.ts';
import type { PivotRecord } from './pivot-record.ts';

/** Site is one of the two API servers of a pivot. */
export interface Site {
  readonly side: Side;
  readonly api: KubeApi;
  /** Identifies the server across passes. */
  readonly server: object;
  /** Milliseconds until the controllers there are certain to be connected again after an outage of its API server. */
  reconnectingMs(): number;
}

/**
 * Scope is what every step of one pass works with. Results of one step that a later step needs are passed
 * from step to step instead.
 */
export interface Scope {
  readonly deps: ProviderDeps;
  readonly record: PivotRecord;
  /** The Cluster, which has the same name on both sides. */
  readonly cluster: { readonly namespace: string; readonly name: string };
  /** The source of the objects; undefined if it is the escrow. */
  readonly source: Site | undefined;
  readonly target: Site;
  readonly metrics: PivotMetrics;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** The uid by which clusters know this management side; read once in a pass, and undefined if it is not known. */
  readonly managementUid: () => Promise<string | undefined>;
  /** Work that continues while later steps run; the pass ends after it. */
  readonly background: Background;
}

/** PivotStep is a step of a pivot, or of its abort (DESIGN 6). */
export type PivotStep<Given = void, Next = void> = Step<Scope, Given, Next>;

/** theAttempt returns the open attempt; every step but the first has one. */
export function theAttempt({ record }: Scope): Attempt {
  const attempt = openAttempt(record.journal);
  if (attempt === undefined) throw new Error('cannot continue: the pivot has no open attempt');
  return attempt;
}

/** theSource returns the API server of the source; an escrow has none. */
export function theSource({ source }: Scope): Site {
  if (source === undefined) throw new Error('cannot continue: an escrow has no API server');
  return source;
}

/** typesOf returns the kinds to search. */
export function typesOf(scope: Scope): readonly MoveType[] {
  return theAttempt(scope).types;
}

/** compositeOf returns the uid of the composite of the cluster; undefined if it is not recorded. */
export function compositeOf({ record }: Scope): string | undefined {
  return compositeUidOf(record.object) ?? record.journal.attempt?.controller?.uid;
}

/** ownerAfter returns the owner of the cluster after the pivot. */
export function ownerAfter({ target }: Scope): Owner {
  return target.side;
}
