import type { Owner, Side } from '../../lib/apis/ownership.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import type { Logger } from '../../lib/log.ts';
import type { Step } from '../../lib/reconcile/steps.ts';
import type { Background } from '../../lib/settled.ts';
import { openAttempt, type Attempt } from '../core/pivot/journal.ts';
import type { MoveType } from '../core/pivot/move-types.ts';
import { compositeUidOf } from '../core/teardown/belonging.ts';
import type { ProviderDeps } from '../deps.ts';
import type { PivotMetrics } from './metrics.ts';
import type { PivotRecord } from './pivot-record.ts';

/** Site is one of the two API servers that a pivot has in hand. */
export interface Site {
  readonly side: Side;
  readonly api: KubeApi;
  /** What stands for the server from pass to pass. */
  readonly server: object;
}

/**
 * Scope is what every step of one pass works with. What one step finds out and a later one needs is not in
 * here: steps hand it over.
 */
export interface Scope {
  readonly deps: ProviderDeps;
  readonly record: PivotRecord;
  /** The Cluster, on both sides. */
  readonly cluster: { readonly namespace: string; readonly name: string };
  /** Where the objects come from; undefined when that is the escrow. */
  readonly source: Site | undefined;
  readonly target: Site;
  readonly metrics: PivotMetrics;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Work that goes on while later steps run; the pass ends when it has ended. */
  readonly background: Background;
}

/** PivotStep is a step of a pivot, or of what takes it back (DESIGN 6). */
export type PivotStep<Given = void, Next = void> = Step<Scope, Given, Next>;

/** theAttempt is the attempt under way; every step but the first has one. */
export function theAttempt({ record }: Scope): Attempt {
  const attempt = openAttempt(record.journal);
  if (attempt === undefined) throw new Error('cannot continue: the pivot has no open attempt');
  return attempt;
}

/** theSource is the API server that the objects come from; an escrow has none. */
export function theSource({ source }: Scope): Site {
  if (source === undefined) throw new Error('cannot continue: an escrow has no API server');
  return source;
}

/** typesOf are the kinds that are searched. */
export function typesOf(scope: Scope): readonly MoveType[] {
  return theAttempt(scope).types;
}

/** compositeOf is the uid of the composite whose cluster is moved; undefined when nothing says so. */
export function compositeOf({ record }: Scope): string | undefined {
  return compositeUidOf(record.object) ?? record.journal.attempt?.controller?.uid;
}

/** ownerAfter is who has the cluster when the pivot is done. */
export function ownerAfter({ target }: Scope): Owner {
  return target.side;
}
