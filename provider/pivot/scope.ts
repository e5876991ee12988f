import type { MoveType } from '../core/pivot/move-types.ts';
import type { Owner, Side } from '../../lib/apis/ownership.ts';
import type { AbortReason } from '../../lib/apis/reasons/pivot.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import type { Logger } from '../../lib/log.ts';
import type { Outcome } from '../../lib/reconcile/outcome.ts';
import type { Standing } from '../core/pivot/existing.ts';
import type { Graph } from '../core/pivot/graph.ts';
import { openAttempt, type Attempt } from '../core/pivot/journal.ts';
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

/** Scope is all that a step works with. */
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
  readonly memory: Memory;
}

/**
 * Memory is what this pass has seen, so that a later step need not look again. It begins empty with every
 * pass, and every step does without what is missing.
 */
export interface Memory {
  /** The attempt was opened in this pass: the target holds nothing of it yet. */
  openedHere: boolean;
  /** The graph as it was before the fence. */
  prepared?: Graph;
  /** The Cluster of the source behind its fence. */
  fenced?: KubeObject;
  /** What is moved, as the source has it behind the fence. */
  graph?: Graph;
  standing?: Standing;
  /** Copies by the uid of what they are copies of, as the target answered last. */
  readonly copies: Map<string, KubeObject>;
  /** Restorations of status that have begun, by the same uid. */
  readonly statuses: Map<string, Promise<void>>;
  /** What is wrong with the certificate authority; undefined when it is the right one. */
  authority?: Promise<Outcome>;
  anchor?: Promise<KubeObject>;
  /** Both sides, behind all restorations of status but the last. */
  bothSides?: Promise<BothSides>;
  /** When the fence was written, by `performance.now()`. */
  fencedAtMs?: number;
}

/** BothSides are the objects of the kinds that move, on both sides at one time. */
export interface BothSides {
  readonly source: readonly KubeObject[];
  readonly target: readonly KubeObject[];
}

/** emptyMemory begins a pass. */
export function emptyMemory(): Memory {
  return { openedHere: false, copies: new Map(), statuses: new Map() };
}

/** Halt ends a pass out of the depth of a step, with the Outcome that the step has. */
export class Halt extends Error {
  override readonly name = 'Halt';
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.kind === 'Done' ? 'done' : outcome.message);
    this.outcome = outcome;
  }
}

/**
 * GiveUp ends the attempt: what happened on the source can't be mended while it stands still. It is
 * aborted, and tried again later.
 */
export class GiveUp extends Error {
  override readonly name = 'GiveUp';
  readonly reason: AbortReason;

  constructor(reason: AbortReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** theAttempt is the attempt under way; every step but the first has one. */
export function theAttempt({ record }: Scope): Attempt {
  const attempt = openAttempt(record.journal);
  if (attempt === undefined) throw new Error('cannot go on: no attempt of the pivot is open');
  return attempt;
}

/** theGraph is what is moved, once the source has been read behind the fence. */
export function theGraph({ memory }: Scope): Graph {
  if (memory.graph === undefined) throw new Error('cannot go on: the source was not read yet');
  return memory.graph;
}

/** theSource is the API server that the objects come from; an escrow has none. */
export function theSource({ source }: Scope): Site {
  if (source === undefined) throw new Error('cannot go on: an escrow has no API server');
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
